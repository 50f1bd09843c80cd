/**
 * WebSocket of recordings: one message at a time, each with its answer.
 * @module
 */

import { problemFrom, unreachable } from "../api/problem.js";
import { closed, socketTo, TIMEOUT_MS } from "./sockets.js";

/** @typedef {import("./recording.js").RecordingStatus} RecordingStatus */

/** Open a connection. @returns {Promise<WebSocket>} @throws {Problem} */
export async function openRecordingSocket() {
  const socket = await socketTo("/ws/pose");
  /** @type {Promise<WebSocket>} */
  const isOpen = new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onclose = (event) => reject(closed(event));
  });
  return inTime(isOpen).catch((problem) => { socket.close(); throw problem; });
}

/** Send a message and return the answer. @param {WebSocket} socket @param {object} message @returns {Promise<RecordingStatus>} @throws {Problem} */
export function ask(socket, message) {
  /** @type {Promise<RecordingStatus>} */
  const answer = new Promise((resolve, reject) => {
    socket.onclose = (event) => reject(closed(event));
    socket.onmessage = ({ data }) => {
      const reply = JSON.parse(data);
      if (reply.type === "problem") reject(problemFrom(reply.problem.status, JSON.stringify(reply.problem), null));
      else resolve(reply);
    };
    socket.send(JSON.stringify(message));
  });
  return inTime(answer);
}

/** @template T @param {Promise<T>} answer @returns {Promise<T>} @throws {Problem} if there is none in time */
function inTime(answer) {
  /** @type {number} */
  let timer;
  /** @type {Promise<never>} */
  const timeout = new Promise((_, reject) => { timer = setTimeout(() => reject(unreachable()), TIMEOUT_MS); });
  return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
}
