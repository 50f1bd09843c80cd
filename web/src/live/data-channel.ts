/**
 * WebRTC data channel to the server for chunks and their answers (C-01).
 * @module
 */

import { unreachable } from "../api/problem.ts";
import { Channel, type Timeouts } from "./channel.ts";
import type { Fetch } from "./http-transport.ts";

const SIGNALLING = "/v1/live/webrtc";
const CHANNEL = "frames";

/** ICE candidates found later are left out of the offer. */
const GATHERING_MS = 1000;

/** Connection states after which the channel is unusable. */
const LOST = new Set(["disconnected", "failed", "closed"]);

/** Connection that is negotiated by requests. */
export class DataChannel extends Channel {
  #fetch;
  #connection: RTCPeerConnection | null = null;
  #channel: RTCDataChannel | null = null;

  /** @param fetch sends the access token */
  constructor(fetch: Fetch, timeouts?: Timeouts) {
    super(timeouts);
    this.#fetch = fetch;
  }

  get name() { return "data channel"; }

  takes(bytes: number) {
    return this.#channel?.readyState === "open" && bytes <= (this.#connection?.sctp?.maxMessageSize ?? 0);
  }

  /** Negotiate the connection; if it is closed meanwhile, the next step fails. */
  protected async connect(timeout: AbortSignal) {
    const connection = (this.#connection = new RTCPeerConnection());
    connection.onconnectionstatechange = () => { if (LOST.has(connection.connectionState)) this.close(); };
    connection.setConfiguration(await this.#signalled({ signal: timeout }));
    const opened = this.#opened(connection.createDataChannel(CHANNEL));
    await connection.setLocalDescription();
    await gathered(connection);
    const { type, sdp } = connection.localDescription as RTCSessionDescription;
    const headers = { "Content-Type": "application/json" };
    await connection.setRemoteDescription(await this.#signalled({ method: "POST", headers, body: JSON.stringify({ type, sdp }), signal: timeout }));
    await opened;
  }

  protected exchange(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const channel = this.#channel as RTCDataChannel;
    const answered: Promise<string> = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
    channel.send(bytes);
    return answered;
  }

  protected disconnect() {
    this.#connection?.close();
  }

  async #signalled(options: RequestInit) {
    const response = await this.#fetch(SIGNALLING, options);
    if (!response.ok) throw unreachable();
    return response.json();
  }

  #opened(channel: RTCDataChannel): Promise<void> {
    this.#channel = channel;
    channel.onclose = () => this.close();
    return new Promise((resolve) => { channel.onopen = () => resolve(); });
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
