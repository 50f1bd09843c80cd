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

import { Problem, problemFrom, unreachable } from "../problem.js";
import { credentials } from "../signing-in.js";

/** @typedef {{id: string, status: "recording" | "paused" | "completed", frameCount: number, duration: number, bytes: number}} Standing */

/** Frames that go together: about half a second, and at most what one message may have. */
const BATCH = 12;
const MOST = 120;

/** What is kept at most while the line is lost: ten minutes at 30 frames a second. */
const MOST_WAITING = 18_000;

/** The pause before a lost line is opened anew. */
const RETRY_MS = 2000;

const BEARER = "Bearer ";

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
  /** @type {object[]} */
  #wishes;
  /** Frames that are not kept yet; the first of them has the number `#kept`. @type {object[]} */
  #frames = [];
  #kept = 0;
  /** Number of the next frame to send. */
  #next = 0;
  #isPaused = false;
  #isBusy = false;
  #isOver = false;
  /** @type {string | null} */
  #id = null;

  /** @param {{sessionId: string, name: string, description: string, aspectRatio: number}} what */
  constructor(what) {
    super();
    this.#wishes = [{ type: "start", ...what }];
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
    this.#wishes.push({ type });
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

  /** Say what is next: frames before a word, that nothing is lost; the start before everything. */
  async #step() {
    const line = await this.#line();
    const begun = this.#id !== null;
    if (begun && this.#unsent > 0) {
      const from = this.#next - this.#kept;
      const frames = this.#frames.slice(from, from + MOST);
      this.#stands(await ask(line, { type: "frames", first: this.#next, frames }));
      this.#next += frames.length;
    } else {
      this.#stands(await ask(line, this.#wishes[0]));
      this.#wishes.shift();
    }
  }

  /** @param {Standing} standing */
  #stands(standing) {
    this.#id = standing.id;
    this.#frames.splice(0, standing.frameCount - this.#kept);
    this.#kept = standing.frameCount;
    this.dispatchEvent(new CustomEvent("status", { detail: standing }));
    if (standing.status === "completed") this.#end();
  }

  /** @param {Problem} problem */
  #failed(problem) {
    if (problem.status === 0) {
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
  const url = new URL("/ws/pose", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const { Authorization: told } = await credentials();
  const socket = new WebSocket(url, told ? ["kinelog", `kinelog.token.${told.slice(BEARER.length)}`] : ["kinelog"]);
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onclose = () => reject(unreachable());
  });
}

/** @param {WebSocket} socket @param {object} message @returns {Promise<Standing>} @throws {Problem} */
function ask(socket, message) {
  return new Promise((resolve, reject) => {
    socket.onclose = () => reject(unreachable());
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told.type === "problem") reject(problemFrom(told.problem.status, JSON.stringify(told.problem), null));
      else resolve(told);
    };
    socket.send(JSON.stringify(message));
  });
}
