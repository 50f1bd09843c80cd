/**
 * Transport of frame chunks, as selected in this browser.
 * @module
 */

import { authorized } from "../api/credentials.ts";
import { ChannelTransport } from "./channel-transport.ts";
import { DataChannel } from "./data-channel.ts";
import { HttpTransport, type Transport } from "./http-transport.ts";
import { SocketChannel } from "./socket-channel.ts";
import { storeValue } from "../stores/browser-storage.ts";

/** Constructors of the transports; all but requests use requests where they cannot connect. */
const TRANSPORTS = {
  websocket: () => new ChannelTransport(() => new SocketChannel()),
  http: () => new HttpTransport(),
  webrtc: () => new ChannelTransport(() => new DataChannel(authorized)),
} satisfies Record<string, () => Transport>;

export type TransportName = keyof typeof TRANSPORTS;

const STORED = "kinelog.transport";

/** The selected transport; default is a WebSocket. */
export function selectedTransport(): TransportName {
  const stored = globalThis.localStorage?.getItem(STORED) ?? "";
  return Object.hasOwn(TRANSPORTS, stored) ? stored as TransportName : "websocket";
}

/** Select the transport for all training pages, from the next session on. */
export function selectTransport(name: TransportName) {
  storeValue(STORED, name);
}

/** Create the selected transport. */
export function createTransport(): Transport {
  return TRANSPORTS[selectedTransport()]();
}
