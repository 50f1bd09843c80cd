/**
 * A line to the server: one offer, one answer, and a WebRTC data channel for chunks and what they are answered (C-01).
 * @module
 */

import { unreachable } from "../api/problem.js";
import { refused } from "./http-transport.js";

/** @typedef {import("./http-transport.js").Fetch} Fetch */

const SIGNALLING = "/v1/live/rtc";
const CHANNEL = "frames";

/** Addresses that are not found within so long are left out of the offer. */
const GATHERING_MS = 1000;

/** A line that is not open within so long never will be: networks that let none through say nothing. */
const OPENING_MS = 6000;

/** An answer that takes longer does not come: that its network was left the browser notices much later. */
const ANSWER_MS = 3000;

/** What an answered chunk is called among the browser's measures. */
export const ANSWERED = "kinelog.data-channel";

/** The line is no good any more, or not yet. */
const LOST = new Set(["disconnected", "failed", "closed"]);

/** One connection, from its offer to its end. */
export class DataChannel {
  /** Whether it was closed, by whichever end. */
  isOver = false;
  #fetch;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCDataChannel | null} */
  #channel = null;
  /** @type {PromiseWithResolvers<never>} */
  #ended = Promise.withResolvers();

  /** @param {Fetch} fetch One that says who asks. */
  constructor(fetch) {
    this.#fetch = fetch;
    this.#ended.promise.catch(() => {}); // nobody may wait
  }

  /** Open it, once. @throws {import("../api/problem.js").Problem} of status 0 where that cannot be; nothing stays open then */
  async open() {
    const late = setTimeout(() => this.close(), OPENING_MS);
    try {
      await Promise.race([this.#agree(), this.#ended.promise]);
    } catch {
      this.close();
      throw unreachable(); // no such lines in this browser, no way through the network, no room: for who waits it is the same
    } finally {
      clearTimeout(late);
    }
  }

  /** Whether a message of so many bytes can be sent now. @param {number} bytes */
  takes(bytes) {
    return this.#channel?.readyState === "open" && bytes <= (this.#connection?.sctp?.maxMessageSize ?? 0);
  }

  /** Send a chunk, one at a time, and get the answer; a line without one is closed. @param {Uint8Array} bytes @returns {Promise<any>} @throws {import("../api/problem.js").Problem} of status 0 where the server may not have it */
  async ask(bytes) {
    const start = performance.now();
    const late = setTimeout(() => this.close(), ANSWER_MS);
    let text;
    let told;
    try {
      text = await this.#asked(bytes);
      told = JSON.parse(text);
    } catch {
      this.close();
      throw unreachable();
    } finally {
      clearTimeout(late);
    }
    performance.measure(ANSWERED, { start });
    performance.clearMeasures(ANSWERED); // who observes it has it by now
    if (told.status >= 400) throw refused(told.status, text, null);
    return told;
  }

  /** End it; what is under way is lost. */
  close() {
    this.isOver = true;
    this.#ended.reject(unreachable());
    this.#connection?.close();
  }

  /** A connection that is closed meanwhile refuses the next step. */
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
    const response = await this.#fetch(SIGNALLING, { ...options, signal: AbortSignal.timeout(OPENING_MS) });
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
  #asked(bytes) {
    const channel = /** @type {RTCDataChannel} */ (this.#channel);
    const answered = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
    channel.send(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
    return Promise.race([answered, this.#ended.promise]);
  }
}

/** Until a connection knows by what addresses it can be reached, or for as long as that is worth waiting. @param {RTCPeerConnection} connection @returns {Promise<void>} */
function gathered(connection) {
  return new Promise((resolve) => {
    const done = () => { if (connection.iceGatheringState === "complete") resolve(); };
    connection.onicegatheringstatechange = done;
    done();
    setTimeout(resolve, GATHERING_MS);
  });
}
