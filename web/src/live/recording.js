/**
 * A recording keeps how the athlete moved, to be looked at again: landmarks only, no picture.
 *
 * It speaks to `/ws/pose`: `start`, `frames`, `pause`, `resume`, `stop` and `status`, one message at a
 * time. Where the line is lost it is opened anew with `continue`, and frames that were not kept are
 * sent again by their numbers.
 *
 * Events: `status` (detail: how it stands), `problem` (detail: a `Problem`, after which it is over).
 * @module
 */

import { Problem, problemFrom, unreachable } from "../api/problem.js";
import { closed, socketTo, TIMEOUT_MS } from "./sockets.js";

/** @typedef {{id: string, status: "recording" | "paused" | "completed", frameCount: number, duration: number, bytes: number}} Standing */

/** Frames that go together: about half a second, and at most what one message may have. */
const BATCH = 12;
const MOST = 120;

/** What is kept at most while the line is lost: ten minutes at 30 frames a second. */
const MOST_WAITING = 18_000;

/** The pause before a lost line is opened anew. */
const RETRY_MS = 2000;

const UNAUTHORIZED = 401;
const SERVER_ERROR = 500;

/** Numbers of a landmark, as rows. @param {Float32Array | null} numbers @param {number} width @returns {(number[] | null)[] | null} */
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
  /** Words for the server, each with how many frames come before it. @type {{message: {type: string}, after: number}[]} */
  #wishes;
  /** Frames that are not kept yet; the first of them has the number `#kept`. @type {object[]} */
  #frames = [];
  #kept = 0;
  /** Number of the next frame to send. */
  #next = 0;
  #isPaused = false;
  #isBusy = false;
  #isOver = false;
  /** Whether this line was let in: the token behind a cookie lasts minutes, and a recording longer. */
  #isLetIn = false;
  /** @type {string | null} */
  #id = null;

  /** @param {{sessionId: string, name: string, description: string, aspectRatio: number}} what */
  constructor(what) {
    super();
    this.#wishes = [{ message: { type: "start", ...what }, after: 0 }];
    void this.#pump();
  }

  /** Take a frame. @param {{landmarks: Float32Array | null, world?: Float32Array | null}} frame @param {number} timeMs Since the session began. */
  push({ landmarks, world = null }, timeMs) {
    if (this.#isPaused || this.#isOver || timeMs < 0 || this.#frames.length >= MOST_WAITING) return;
    this.#frames.push({ timeMs, landmarks: rows(landmarks, 4), worldLandmarks: rows(world, 3) });
    if (!this.#isBusy && this.#unsent >= BATCH) void this.#pump();
  }

  pause() {
    this.#isPaused = true;
    this.#wish("pause");
  }

  resume() {
    this.#isPaused = false;
    this.#wish("resume");
  }

  /** End it; what waits is sent before. @returns {Promise<void>} once it is kept, or can never be */
  stop() {
    this.#isPaused = true;
    const done = new Promise((resolve) => this.addEventListener("over", () => resolve(undefined), { once: true }));
    if (this.#isOver) return Promise.resolve();
    this.#wish("stop");
    return done;
  }

  get #unsent() {
    return this.#frames.length - (this.#next - this.#kept);
  }

  /** @param {string} type */
  #wish(type) {
    this.#wishes.push({ message: { type }, after: this.#kept + this.#frames.length });
    if (!this.#isBusy) void this.#pump();
  }

  async #pump() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (!this.#isOver && (this.#wishes.length > 0 || this.#unsent >= BATCH)) await this.#step();
      this.#isBusy = false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#failed(error);
    }
  }

  /** Say what is next: a word has its place among the frames, the start before all of them. */
  async #step() {
    const line = await this.#line();
    const [wish] = this.#wishes;
    const from = this.#next - this.#kept;
    const to = Math.min(from + MOST, wish ? wish.after - this.#kept : Infinity);
    const frames = this.#frames.slice(from, to);
    if (frames.length > 0) {
      this.#stands(await ask(line, { type: "frames", first: this.#next, frames }));
      this.#next += frames.length;
    } else if (wish) {
      this.#stands(await ask(line, wish.message));
      this.#wishes.shift();
    }
  }

  /** @param {Standing} standing */
  #stands(standing) {
    this.#id = standing.id;
    this.#isLetIn = true;
    this.#frames.splice(0, standing.frameCount - this.#kept);
    this.#kept = standing.frameCount;
    this.dispatchEvent(new CustomEvent("status", { detail: standing }));
    if (standing.status === "completed") this.#end();
  }

  /** @param {Problem} problem */
  #failed(problem) {
    const isTokenOver = problem.status === UNAUTHORIZED && this.#isLetIn; // the browser's cookie may stand for another one
    if (isTokenOver || problem.status === 0 || problem.status >= SERVER_ERROR) {
      this.#socket?.close(); // an answer that comes later would be taken for another one
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

  /** The open line; one that is opened anew goes on where the server is. */
  async #line() {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    this.#isLetIn = false;
    this.#socket = await opened();
    if (this.#id !== null) {
      const standing = await ask(this.#socket, { type: "continue", id: this.#id });
      this.#stands(standing);
      this.#next = standing.frameCount;
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

/** @param {WebSocket} socket @param {object} message @returns {Promise<Standing>} @throws {Problem} */
function ask(socket, message) {
  const answer = new Promise((resolve, reject) => {
    socket.onclose = (event) => reject(closed(event));
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told.type === "problem") reject(problemFrom(told.problem.status, JSON.stringify(told.problem), null));
      else resolve(told);
    };
    socket.send(JSON.stringify(message));
  });
  return inTime(answer);
}

/** @template T @param {Promise<T>} answer @returns {Promise<T>} @throws {Problem} where there is none in time */
function inTime(answer) {
  /** @type {number} */
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(unreachable()), TIMEOUT_MS); });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
