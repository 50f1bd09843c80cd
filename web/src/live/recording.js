/**
 * Recording of an athlete's movement for replay: landmarks only, no pictures.
 *
 * Protocol of `/ws/pose`: `start`, `frames`, `pause`, `resume`, `stop` and `status`, one message at a
 * time. After a lost connection it reconnects with `continue` and repeats the frames that were not
 * stored, by their numbers.
 *
 * Events: `status` (detail: status of the recording), `problem` (detail: a `Problem`; the recording has ended).
 * @module
 */

import { Problem, problemFrom, unreachable } from "../api/problem.js";
import { closed, socketTo, TIMEOUT_MS } from "./sockets.js";

/** @typedef {{id: string, status: "recording" | "paused" | "completed", frameCount: number, duration: number, bytes: number}} RecordingStatus */

/** Frames per message: about half a second, and the protocol's limit. */
const BATCH = 12;
const MOST = 120;

/** Maximum number of frames to keep while disconnected: ten minutes at 30 per second. */
const MOST_WAITING = 18_000;

/** Pause before reconnecting. */
const RETRY_MS = 2000;

const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;

/** Convert landmark numbers to rows. @param {Float32Array | null} numbers @param {number} width @returns {(number[] | null)[] | null} */
function rows(numbers, width) {
  if (!numbers) return null;
  return Array.from({ length: numbers.length / width }, (_, at) => {
    const row = Array.from(numbers.subarray(width * at, width * (at + 1)));
    return row.every(Number.isFinite) ? row : null;
  });
}

/** One recording, from `start` to `stop`. */
export class Recording extends EventTarget {
  /** @type {WebSocket | null} */
  #socket = null;
  /** Pending commands with the number of frames that come before each. @type {{message: {type: string}, after: number}[]} */
  #commands;
  /** Frames that are not stored yet; the first one has the number `#kept`. @type {object[]} */
  #frames = [];
  #kept = 0;
  /** Number of the next frame to send. */
  #next = 0;
  #isPaused = false;
  #isBusy = false;
  #isOver = false;
  /** Whether this connection was accepted before; if so, only the access token has expired. */
  #wasAccepted = false;
  /** @type {string | null} */
  #id = null;

  /** @param {{sessionId: string, name: string, description: string, aspectRatio: number}} what */
  constructor(what) {
    super();
    this.#commands = [{ message: { type: "start", ...what }, after: 0 }];
    void this.#pump();
  }

  /** Add a frame. @param {{landmarks: Float32Array | null, world?: Float32Array | null}} frame @param {number} timeMs since the start of the session */
  push({ landmarks, world = null }, timeMs) {
    if (this.#isPaused || this.#isOver || timeMs < 0 || this.#frames.length >= MOST_WAITING) return;
    this.#frames.push({ timeMs, landmarks: rows(landmarks, 4), worldLandmarks: rows(world, 3) });
    if (!this.#isBusy && this.#unsent >= BATCH) void this.#pump();
  }

  pause() {
    this.#isPaused = true;
    this.#command("pause");
  }

  resume() {
    this.#isPaused = false;
    this.#command("resume");
  }

  /** End the recording after sending the waiting frames. @returns {Promise<void>} resolves when it is stored or has failed */
  stop() {
    this.#isPaused = true;
    const done = new Promise((resolve) => this.addEventListener("over", () => resolve(undefined), { once: true }));
    if (this.#isOver) return Promise.resolve();
    this.#command("stop");
    return done;
  }

  get #unsent() {
    return this.#frames.length - (this.#next - this.#kept);
  }

  /** @param {string} type */
  #command(type) {
    this.#commands.push({ message: { type }, after: this.#kept + this.#frames.length });
    if (!this.#isBusy) void this.#pump();
  }

  async #pump() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (!this.#isOver && (this.#commands.length > 0 || this.#unsent >= BATCH)) await this.#step();
      this.#isBusy = false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#failed(error);
    }
  }

  /** Send the next message: commands keep their position among the frames, `start` comes first. */
  async #step() {
    const line = await this.#line();
    const [command] = this.#commands;
    const from = this.#next - this.#kept;
    const to = Math.min(from + MOST, command ? command.after - this.#kept : Infinity);
    const frames = this.#frames.slice(from, to);
    if (frames.length > 0) {
      this.#stands(await ask(line, { type: "frames", first: this.#next, frames }));
      this.#next += frames.length;
    } else if (command) {
      this.#stands(await ask(line, command.message));
      this.#commands.shift();
    }
  }

  /** @param {RecordingStatus} state */
  #stands(state) {
    this.#id = state.id;
    this.#wasAccepted = true;
    this.#frames.splice(0, state.frameCount - this.#kept);
    this.#kept = state.frameCount;
    this.dispatchEvent(new CustomEvent("status", { detail: state }));
    if (state.status === "completed") this.#end();
  }

  /** @param {Problem} problem */
  #failed(problem) {
    const isTokenOver = problem.status === UNAUTHORIZED && this.#wasAccepted; // the cookie may allow another token
    if (isTokenOver || problem.status === 0 || problem.status >= SERVER_ERROR) {
      this.#socket?.close(); // a late answer would be taken for that of another message
      this.#socket = null;
      setTimeout(() => { this.#isBusy = false; void this.#pump(); }, RETRY_MS);
      return;
    }
    this.#end();
    this.dispatchEvent(new CustomEvent("problem", { detail: problem }));
  }

  #end() {
    this.#isOver = true;
    this.#socket?.close();
    this.dispatchEvent(new CustomEvent("over"));
  }

  /** The open connection; a new one continues at the server's frame number. */
  async #line() {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    this.#wasAccepted = false;
    this.#socket = await opened();
    if (this.#id !== null) {
      const state = await ask(this.#socket, { type: "continue", id: this.#id });
      this.#stands(state);
      this.#next = state.frameCount;
    }
    return this.#socket;
  }
}

/** @returns {Promise<WebSocket>} */
async function opened() {
  const socket = await socketTo("/ws/pose");
  const isOpen = new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onclose = (event) => reject(closed(event));
  });
  return inTime(isOpen).catch((problem) => { socket.close(); throw problem; });
}

/** @param {WebSocket} socket @param {object} message @returns {Promise<RecordingStatus>} @throws {Problem} */
function ask(socket, message) {
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
  const timeout = new Promise((_, reject) => { timer = setTimeout(() => reject(unreachable()), TIMEOUT_MS); });
  return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
}
