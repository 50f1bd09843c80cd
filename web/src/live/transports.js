/**
 * Transport of frame chunks, as selected in this browser.
 * @module
 */

import { HttpTransport } from "./http-transport.js";
import { RtcTransport } from "./rtc-transport.js";

/** @typedef {"http" | "webrtc"} TransportName */

const STORED = "kinelog.door";

/** The selected transport; default is HTTP requests, which work everywhere. @returns {TransportName} */
export function selectedTransport() {
  return globalThis.localStorage?.getItem(STORED) === "webrtc" ? "webrtc" : "http";
}

/** Select the transport for all training pages, from the next session on. @param {TransportName} name */
export function selectTransport(name) {
  localStorage.setItem(STORED, name);
}

/** Create the selected transport. @returns {import("./http-transport.js").Transport} */
export function createTransport() {
  return selectedTransport() === "webrtc" ? new RtcTransport() : new HttpTransport();
}
