/**
 * Transport of frames by WebSocket: a binary message is a chunk, the next text message its answer (C-01).
 * @module
 */

import { unreachable } from "../api/problem.ts";
import { refused, type Transport, type Answer } from "./http-transport.ts";
import { closed, socketTo, TIMEOUT_MS } from "./sockets.ts";

/** Sends chunks to `/ws/live`; reconnects if the connection was closed. */
export class WebSocketTransport implements Transport {
  #socket: WebSocket | null = null;

  /** Send a chunk; one at a time. */
  async send(bytes: Uint8Array): Promise<Answer> {
    const socket = await this.#open();
    return new Promise((resolve, reject) => {
      const fail = (problem: unknown) => {
        this.close(); // a late answer would be taken for that of another chunk
        reject(problem);
      };
      const timer = setTimeout(() => fail(unreachable()), TIMEOUT_MS);
      socket.onmessage = ({ data }) => {
        clearTimeout(timer);
        const answer = JSON.parse(data);
        if (answer.status >= 400) reject(refused(answer.status, data, null));
        else resolve(answer);
      };
      socket.onclose = (event) => {
        clearTimeout(timer);
        fail(closed(event));
      };
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
      else socket.onopen = () => socket.send(bytes);
    });
  }

  /** Close the connection; the next chunk opens another one. */
  close() {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = socket.onopen = null;
    socket.close();
  }

  async #open() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return this.#socket;
    this.#socket = await socketTo("/ws/live");
    return this.#socket;
  }
}
