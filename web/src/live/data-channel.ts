/**
 * WebRTC data channel to the server for chunks and their answers (C-01).
 * @module
 */

import { unreachable } from "../api/problem.ts";
import { refused, type Answer, type Fetch } from "./http-transport.ts";

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
  #connection: RTCPeerConnection | null = null;
  #channel: RTCDataChannel | null = null;
  #ended: PromiseWithResolvers<never> = Promise.withResolvers();

  /** @param fetch sends the access token */
  constructor(fetch: Fetch, timeouts: {openingMs: number, answerMs: number} = { openingMs: OPENING_MS, answerMs: ANSWER_MS }) {
    this.#fetch = fetch;
    this.#timeouts = timeouts;
    this.#ended.promise.catch(() => {}); // possibly nobody awaits it
  }

  /** Connect, once. @throws {Problem} with status 0 if it fails; nothing stays open then */
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

  /** Whether a message of this size can be sent now. */
  takes(bytes: number) {
    return this.#channel?.readyState === "open" && bytes <= (this.#connection?.sctp?.maxMessageSize ?? 0);
  }

  /** Send a chunk and return the answer, one at a time; without an answer the channel is closed. @throws {Problem} with status 0 if the server may not have it */
  async ask(bytes: Uint8Array): Promise<Answer> {
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
    const { type, sdp } = connection.localDescription as RTCSessionDescription;
    const headers = { "Content-Type": "application/json" };
    await connection.setRemoteDescription(await this.#signalled({ method: "POST", headers, body: JSON.stringify({ type, sdp }) }));
    await opened;
  }

  async #signalled(options?: RequestInit) {
    const response = await this.#fetch(SIGNALLING, { ...options, signal: AbortSignal.timeout(this.#timeouts.openingMs) });
    if (!response.ok) throw unreachable();
    return response.json();
  }

  #opened(channel: RTCDataChannel): Promise<void> {
    this.#channel = channel;
    channel.onclose = () => this.close();
    return new Promise((resolve) => { channel.onopen = () => resolve(); });
  }

  #exchange(bytes: Uint8Array): Promise<string> {
    const channel = this.#channel as RTCDataChannel;
    const answered: Promise<string> = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
    channel.send(bytes as Uint8Array<ArrayBuffer>);
    return Promise.race([answered, this.#ended.promise]);
  }
}

/** Wait until ICE candidates are gathered, or until the timeout. */
function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const done = () => { if (connection.iceGatheringState === "complete") resolve(); };
    connection.onicegatheringstatechange = done;
    done();
    setTimeout(resolve, GATHERING_MS);
  });
}
