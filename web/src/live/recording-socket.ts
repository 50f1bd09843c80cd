/**
 * WebSocket of recordings: one message at a time, each with its answer.
 * @module
 */

import { Problem, problemFrom, unreachable } from "../api/problem.ts";
import { closed, socketTo, TIMEOUT_MS } from "./sockets.ts";
import type { RecordingStatus } from "./recording.ts";

/** Code of the problem that too many frames wait for a connection. */
export const NO_CONNECTION = "recording.no_connection";

/** The problem that too many frames wait for a connection. */
export function noConnectionProblem() {
  return new Problem({
    title: "The recording has stopped: no connection.",
    detail: "What was recorded is kept. The recording goes on once there is a connection; what happens until then is missing in it.",
    code: NO_CONNECTION,
  });
}

/** Open a connection. @throws {Problem} */
export async function openRecordingSocket(): Promise<WebSocket> {
  const socket = socketTo("/ws/pose");
  const isOpen: Promise<WebSocket> = new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onclose = (event) => reject(closed(event));
  });
  return inTime(isOpen).catch((problem) => { socket.close(); throw problem; });
}

/** Send a message and return the answer. @throws {Problem} */
export function ask(socket: WebSocket, message: object): Promise<RecordingStatus> {
  const answer: Promise<RecordingStatus> = new Promise((resolve, reject) => {
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

/** @throws {Problem} if there is none in time */
function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: number;
  const timeout: Promise<never> = new Promise((_, reject) => { timer = setTimeout(() => reject(unreachable()), TIMEOUT_MS); });
  return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
}
