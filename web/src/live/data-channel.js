/**
 * WebRTC data channel to the server for chunks and their answers (C-01).
 * @module
 */

import { unreachable } from "../api/problem.js";
import { refused } from "./http-transport.js";

/** @typedef {import("./http-transport.js").Fetch} Fetch */

const SIGNALLING = "/v1/live/webrtc";
const CHANNEL = "frames";

/** ICE candidates found later are left out of the offer. */
const GATHERING_MS = 1000;

/** Timeout of the connection; blocked networks do not report an error. */
const OPENING_MS = 6000;

/** Timeout of an answer; the browser notices a lost network much later. */
const ANSWER_MS = 3000;

/** Name of the performance measure of an answered chunk. */
export const ANSWERED = "kinelog.data-channel";

/** Connection states after which the channel is unusable. */
const LOST = new Set(["disconnected", "failed", "closed"]);

/** One connection, from the offer to its end. */
export class DataChannel {
  /** Whether it was closed by either end. */
  isOver = false;
  #fetch;
  #timeouts;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCDataChannel | null} */
  #channel = null;
  /** @type {PromiseWithResolvers<never>} */
  #ended = Promise.withResolvers();

  /** @param {Fetch} fetch sends the access token @param {{openingMs: number, answerMs: number}} [timeouts] */
  constructor(fetch, timeouts = { openingMs: OPENING_MS, answerMs: ANSWER_MS }) {
    this.#fetch = fetch;
    this.#timeouts = timeouts;
    this.#ended.promise.catch(() => {}); // possibly nobody awaits it
  }

  /** Connect, once. @throws {import("../api/problem.js").Problem} with status 0 if it fails; nothing stays open then */
  async open() {
    const timeout = setTimeout(() => this.close(), this.#timeouts.openingMs);
    try {
      await Promise.race([this.#agree(), this.#ended.promise]);
    } catch {
      this.close();
      throw unreachable(); // unsupported browser, blocked network or refused offer: the caller handles all alike
    } finally {
      clearTimeout(timeout);
    }
  }

  /** Whether a message of this size can be sent now. @param {number} bytes */
  takes(bytes) {
    return this.#channel?.readyState === "open" && bytes <= (this.#connection?.sctp?.maxMessageSize ?? 0);
  }

  /** Send a chunk and return the answer, one at a time; without an answer the channel is closed. @param {Uint8Array} bytes @returns {Promise<any>} @throws {import("../api/problem.js").Problem} with status 0 if the server may not have it */
  async ask(bytes) {
    const start = performance.now();
    const timeout = setTimeout(() => this.close(), this.#timeouts.answerMs);
    let text;
    let answer;
    try {
      text = await this.#exchange(bytes);
      answer = JSON.parse(text);
    } catch {
      this.close();
      throw unreachable();
    } finally {
      clearTimeout(timeout);
    }
    performance.measure(ANSWERED, { start });
    performance.clearMeasures(ANSWERED); // observers have received it by now
    if (answer.status >= 400) throw refused(answer.status, text, null);
    return answer;
  }

  /** Close the connection; a pending answer is lost. */
  close() {
    this.isOver = true;
    this.#ended.reject(unreachable());
    this.#connection?.close();
  }

  /** Negotiate the connection; if it is closed meanwhile, the next step fails. */
  async #agree() {
    const connection = (this.#connection = new RTCPeerConnection());
    connection.onconnectionstatechange = () => { if (LOST.has(connection.connectionState)) this.close(); };
    connection.setConfiguration(await this.#signalled());
    const opened = this.#opened(connection.createDataChannel(CHANNEL));
    await connection.setLocalDescription();
    await gathered(connection);
    const { type, sdp } = /** @type {RTCSessionDescription} */ (connection.localDescription);
    const headers = { "Content-Type": "application/json" };
    await connection.setRemoteDescription(await this.#signalled({ method: "POST", headers, body: JSON.stringify({ type, sdp }) }));
    await opened;
  }

  /** @param {RequestInit} [options] */
  async #signalled(options) {
    const response = await this.#fetch(SIGNALLING, { ...options, signal: AbortSignal.timeout(this.#timeouts.openingMs) });
    if (!response.ok) throw unreachable();
    return response.json();
  }

  /** @param {RTCDataChannel} channel @returns {Promise<void>} */
  #opened(channel) {
    this.#channel = channel;
    channel.onclose = () => this.close();
    return new Promise((resolve) => { channel.onopen = () => resolve(); });
  }

  /** @param {Uint8Array} bytes @returns {Promise<string>} */
  #exchange(bytes) {
    const channel = /** @type {RTCDataChannel} */ (this.#channel);
    /** @type {Promise<string>} */
    const answered = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
    channel.send(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
    return Promise.race([answered, this.#ended.promise]);
  }
}

/** Wait until ICE candidates are gathered, or until the timeout. @param {RTCPeerConnection} connection @returns {Promise<void>} */
function gathered(connection) {
  return new Promise((resolve) => {
    const done = () => { if (connection.iceGatheringState === "complete") resolve(); };
    connection.onicegatheringstatechange = done;
    done();
    setTimeout(resolve, GATHERING_MS);
  });
}
