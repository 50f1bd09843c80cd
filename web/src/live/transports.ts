/**
 * Transport of frame chunks, as selected in this browser.
 * @module
 */

import { HttpTransport, type Transport } from "./http-transport.ts";
import { RtcTransport } from "./rtc-transport.ts";

export type TransportName = "http" | "webrtc";

const STORED = "kinelog.door";

/** The selected transport; default is HTTP requests, which work everywhere. */
export function selectedTransport(): TransportName {
  return globalThis.localStorage?.getItem(STORED) === "webrtc" ? "webrtc" : "http";
}

/** Select the transport for all training pages, from the next session on. */
export function selectTransport(name: TransportName) {
  localStorage.setItem(STORED, name);
}

/** Create the selected transport. */
export function createTransport(): Transport {
  return selectedTransport() === "webrtc" ? new RtcTransport() : new HttpTransport();
}
