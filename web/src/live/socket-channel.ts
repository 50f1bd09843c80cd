/**
 * WebSocket to the server for chunks and their answers (C-01).
 * @module
 */

import { Channel } from "./channel.ts";
import { socketTo } from "./sockets.ts";

/** Maximum size of a message, as of a request. */
const MOST_BYTES = 1024 * 1024;

/** Connection to `/ws/live`. */
export class SocketChannel extends Channel {
  #socket: WebSocket | null = null;

  get name() { return "WebSocket"; }

  takes(bytes: number) {
    return this.#socket?.readyState === WebSocket.OPEN && bytes <= MOST_BYTES;
  }

  protected async connect() {
    globalThis.addEventListener?.("offline", this.#offline);
    const socket = (this.#socket = socketTo("/ws/live"));
    socket.onclose = () => this.close();
    await new Promise((resolve) => { socket.onopen = resolve; });
  }

  protected exchange(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const socket = this.#socket as WebSocket;
    const answered: Promise<string> = new Promise((resolve) => { socket.onmessage = ({ data }) => resolve(data); });
    socket.send(bytes);
    return answered;
  }

  protected disconnect() {
    globalThis.removeEventListener?.("offline", this.#offline);
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
  }

  /** The browser keeps a connection for minutes after the network is gone. */
  #offline = () => this.close();
}
