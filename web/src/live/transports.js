/**
 * By which door chunks go to the server, as was chosen in this browser.
 * @module
 */

import { HttpTransport } from "./http-transport.js";
import { RtcTransport } from "./rtc-transport.js";

/** @typedef {"http" | "webrtc"} Door */

const STORED = "kinelog.door";

/** The door that was chosen; requests, which get through everywhere, where none was. @returns {Door} */
export function chosenDoor() {
  return globalThis.localStorage?.getItem(STORED) === "webrtc" ? "webrtc" : "http";
}

/** Choose for all pages that train, from the next session on. @param {Door} door */
export function chooseDoor(door) {
  localStorage.setItem(STORED, door);
}

/** A way through the door that was chosen. @returns {import("./http-transport.js").Transport} */
export function chosenTransport() {
  return chosenDoor() === "webrtc" ? new RtcTransport() : new HttpTransport();
}
