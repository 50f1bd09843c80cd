/**
 * Transport of frame chunks, as selected in this browser.
 * @module
 */

import { HttpTransport } from "./http-transport.js";
import { RtcTransport } from "./rtc-transport.js";

/** @typedef {"http" | "webrtc"} Door */

const STORED = "kinelog.door";

/** The selected transport; default is HTTP requests, which work everywhere. @returns {Door} */
export function chosenDoor() {
  return globalThis.localStorage?.getItem(STORED) === "webrtc" ? "webrtc" : "http";
}

/** Select the transport for all training pages, from the next session on. @param {Door} door */
export function chooseDoor(door) {
  localStorage.setItem(STORED, door);
}

/** Create the selected transport. @returns {import("./http-transport.js").Transport} */
export function chosenTransport() {
  return chosenDoor() === "webrtc" ? new RtcTransport() : new HttpTransport();
}
