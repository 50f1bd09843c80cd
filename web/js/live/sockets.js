/**
 * A socket of the server says who asks when it opens, and why when it closes.
 * @module
 */

import { problemFrom, unreachable } from "../problem.js";
import { credentials } from "../signing-in.js";

/** The subprotocol, and what says who asks: browsers can set no header here. */
const PROTOCOL = "kinelog";
const TOKEN = "kinelog.token.";
const BEARER = "Bearer ";

/** For one answer, and for the opening, in milliseconds. */
export const TIMEOUT_MS = 10_000;

const NOT_SIGNED_IN = 4401;
const UNAUTHORIZED = 401;

/** Begin to open a socket. @param {string} path @returns {Promise<WebSocket>} @throws {import("../problem.js").Problem} where nobody can say who asks */
export async function socketTo(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const { Authorization: said } = await credentials().catch(() => { throw unreachable(); });
  return new WebSocket(url, said ? [PROTOCOL, TOKEN + said.slice(BEARER.length)] : [PROTOCOL]);
}

/** What it means that a socket was closed. @param {{code: number, reason: string}} event */
export function closed({ code, reason }) {
  return code === NOT_SIGNED_IN ? problemFrom(UNAUTHORIZED, JSON.stringify({ code: "auth.sign_in_required", title: reason || "Sign in to go on." }), null) : unreachable();
}
