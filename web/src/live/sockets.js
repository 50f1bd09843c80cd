/**
 * A socket of the server says who asks when it opens, and why when it closes.
 * @module
 */

import { problemFrom, unreachable } from "../api/problem.js";

/** The subprotocol. Who asks is said by the browser's cookie, as scripts can set no header here. */
const PROTOCOL = "kinelog";

/** For one answer, and for the opening, in milliseconds. */
export const TIMEOUT_MS = 10_000;

const NOT_SIGNED_IN = 4401;
const UNAUTHORIZED = 401;

/** Begin to open a socket. @param {string} path @returns {Promise<WebSocket>} */
export async function socketTo(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, [PROTOCOL]);
}

/** What it means that a socket was closed. @param {{code: number, reason: string}} event */
export function closed({ code, reason }) {
  return code === NOT_SIGNED_IN ? problemFrom(UNAUTHORIZED, JSON.stringify({ code: "auth.sign_in_required", title: reason || "Sign in to go on." }), null) : unreachable();
}
