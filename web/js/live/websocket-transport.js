/**
 * The door for frames over a WebSocket: a binary message is a chunk, and the next text its answer (C-01).
 * @module
 */

import { problemFrom, unreachable } from "../api.js";
import { credentials } from "../signing-in.js";
import { refused } from "./http-transport.js";

/** The subprotocol, and what says who asks: browsers can set no header here. */
const PROTOCOL = "kinelog";
const TOKEN = "kinelog.token.";
const BEARER = "Bearer ";

/** For one answer, the opening included. */
const TIMEOUT_MS = 10_000;

const NOT_SIGNED_IN = 4401;
const UNAUTHORIZED = 401;

/** Speaks to `/ws/live`; opens it anew where it was closed. @implements {import("./http-transport.js").Transport} */
export class WebSocketTransport {
  /** @type {WebSocket | null} */
  #socket = null;

  /** Send a chunk; one at a time. @param {Uint8Array} bytes @returns {Promise<any>} */
  async send(bytes) {
    const socket = await this.#open();
    return new Promise((resolve, reject) => {
      /** @param {unknown} problem */
      const fail = (problem) => {
        this.close(); // an answer that comes later would be taken for that to another chunk
        reject(problem);
      };
      const timer = setTimeout(() => fail(unreachable()), TIMEOUT_MS);
      socket.onmessage = ({ data }) => {
        clearTimeout(timer);
        const told = JSON.parse(data);
        if (told.status >= 400) reject(refused(told.status, data, null));
        else resolve(told);
      };
      socket.onclose = ({ code, reason }) => {
        clearTimeout(timer);
        fail(code === NOT_SIGNED_IN ? problemFrom(UNAUTHORIZED, JSON.stringify({ code: "auth.sign_in_required", title: reason }), null) : unreachable());
      };
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
      else socket.onopen = () => socket.send(bytes);
    });
  }

  /** Close the socket; the next chunk opens another one. */
  close() {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = socket.onopen = null;
    socket.close();
  }

  async #open() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return this.#socket;
    const url = new URL("/ws/live", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const { Authorization: said } = await credentials();
    const socket = new WebSocket(url, said ? [PROTOCOL, TOKEN + said.slice(BEARER.length)] : [PROTOCOL]);
    this.#socket = socket;
    return socket;
  }
}
