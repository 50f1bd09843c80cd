/**
 * The line to the server that a recording is replayed over: `/ws/replay/{session}`, as `docs/how-to/replay.md` has it.
 *
 * It says hello with each opening, keeps the server in credit, and is opened anew where it was lost.
 *
 * Events, each with the server's message as detail: `hello`, `frames`, `position`, `end`; `problem`
 * (detail: a `Problem`; final where `isOver`); `missing` (detail: the number of a chunk that will never
 * come); `lost` where it will be opened anew.
 * @module
 */

import { Problem, problemFrom } from "../api/problem.js";
import { pauseMs } from "../live/backoff.js";
import { socketTo } from "../live/sockets.js";

/** Chunks of half a second that may be on their way. */
const CREDITS = 6;

const NOT_SIGNED_IN = 4401;
const NOT_ALLOWED = 4403;
const NOT_THERE = 4404;

/** Closings after which there is nothing to go on with. */
const FINAL = new Map([
  [NOT_SIGNED_IN, { title: "Sign in to see this recording.", detail: null, code: "auth.sign_in_required", status: 401 }],
  [NOT_ALLOWED, { title: "This link does not open the recording any more.", detail: "It was revoked, or its time is over.", code: "share_link.ended", status: 403 }],
  [NOT_THERE, { title: "There is no such recording.", detail: "It was deleted, or it is not yours to see.", code: "recording.unknown", status: 404 }],
]);

/** What a refused link is called, in words. */
const REASONS = {
  "share_link.expired": "The link's time is over.",
  "share_link.revoked": "Whoever made the link has taken it back.",
  "share_link.invalid": "The link is incomplete or was changed.",
};

/** One recording's line, from `open` to `close`. */
export class ReplayLine extends EventTarget {
  /** Whether it will never be opened again. */
  isOver = false;
  /** @type {WebSocket | null} */
  #socket = null;
  #said = 0;
  #attempts = 0;
  #timer = 0;
  #path;
  #hasSession;
  /** Whether this opening was let in: a token lasts minutes, and a replay longer. */
  #isLetIn = false;

  /** @param {string} session @param {string | null} share the token of a share link */
  constructor(session, share) {
    super();
    this.#hasSession = session !== "";
    this.#path = `/ws/replay/${encodeURIComponent(session)}${share ? `?${new URLSearchParams({ share })}` : ""}`;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Open it; whatever comes of that is told by events. */
  async open() {
    if (!this.#hasSession) return void queueMicrotask(() => this.#end({ code: NOT_THERE, reason: "" }));
    const socket = await socketTo(this.#path);
    if (this.isOver) return socket.close();
    this.#socket = socket;
    this.#said = 0;
    this.#isLetIn = false;
    socket.onopen = () => this.say("frames", { credits: CREDITS });
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = (event) => this.#closed(event);
  }

  /**
   * Say something.
   * @param {string} type @param {object} [fields]
   * @returns {number | null} its number; null where nobody hears it
   */
  say(type, fields = {}) {
    if (!this.isOpen) return null;
    this.#said += 1;
    this.#socket?.send(JSON.stringify({ type, seq: this.#said, ...fields }));
    return this.#said;
  }

  /** Close it for ever. */
  close() {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** @param {any} message */
  #take(message) {
    this.#attempts = 0;
    if (message.type === "error") return this.#refused(message);
    if (message.type === "hello") this.#isLetIn = true;
    this.#tell(message.type, message);
    if (message.type === "frames") this.say("frames", { credits: 1 });
  }

  /** @param {any} message an error; one about a chunk answers nothing that was said */
  #refused({ chunk, problem }) {
    if (Number.isInteger(chunk)) this.#tell("missing", chunk);
    else this.#tell("problem", problemFrom(problem.status, JSON.stringify(problem), null));
  }

  /** @param {CloseEvent} event */
  #closed(event) {
    if (this.isOver) return;
    const isTokenOver = event.code === NOT_SIGNED_IN && this.#isLetIn; // the browser's cookie may stand for another one
    if (FINAL.has(event.code) && !isTokenOver) this.#end(event);
    else this.#again();
  }

  /** @param {{code: number, reason: string}} event */
  #end({ code, reason }) {
    this.isOver = true;
    const facts = FINAL.get(code === NOT_ALLOWED && !(reason in REASONS) ? NOT_THERE : code); // who came by no link is told of none
    this.#tell("problem", new Problem({ ...facts, detail: REASONS[reason] ?? facts.detail }));
  }

  #again() {
    if (this.isOver) return;
    this.#attempts += 1;
    this.#tell("lost", null);
    this.#timer = setTimeout(() => void this.open(), pauseMs(this.#attempts));
  }

  /** @param {string} what @param {any} detail */
  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
