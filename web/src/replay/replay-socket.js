/**
 * Replay connection: WebSocket `/ws/replay/{session}`, described in `docs/how-to/replay.md`.
 *
 * It reconnects after a loss and grants the server credits for frames.
 *
 * Events, with the server's message as detail: `hello`, `frames`, `position`, `end`; `problem`
 * (detail: a `Problem`; final if `isOver`); `missing` (detail: number of a chunk that will never
 * arrive); `lost` before a reconnect.
 * @module
 */

import "./texts.js";
import { Problem, problemFrom } from "../api/problem.js";
import { t } from "../i18n/l10n.js";
import { pauseMs } from "../live/backoff.js";
import { socketTo } from "../live/sockets.js";

/** Number of chunks of half a second that may be in flight. */
const CREDITS = 6;

const NOT_SIGNED_IN = 4401;
const NOT_ALLOWED = 4403;
const NOT_THERE = 4404;

/** Close codes after which a reconnect is pointless. */
const FINAL = new Map([
  [NOT_SIGNED_IN, { title: t("replay-sign-in"), detail: null, code: "auth.sign_in_required", status: 401 }],
  [NOT_ALLOWED, { title: t("replay-link-ended"), detail: t("replay-link-ended-why"), code: "share_link.ended", status: 403 }],
  [NOT_THERE, { title: t("replay-not-found"), detail: t("replay-not-found-why"), code: "recording.unknown", status: 404 }],
]);

/** Explanations by reason of a refused link. */
/** @type {Readonly<Record<string, string>>} */
const REASONS = {
  "share_link.expired": t("replay-link-over"),
  "share_link.revoked": t("replay-link-withdrawn"),
  "share_link.invalid": t("replay-link-invalid"),
};

/** The connection of one recording, from `open` to `close`. */
export class ReplaySocket extends EventTarget {
  /** Whether it will never reconnect. */
  isOver = false;
  /** @type {WebSocket | null} */
  #socket = null;
  #sequence = 0;
  #attempts = 0;
  #timer = 0;
  #path;
  #hasSession;
  /** Whether this connection was accepted before; if so, only the access token has expired. */
  #wasAccepted = false;

  /** @param {string} session @param {string | null} share token of a share link */
  constructor(session, share) {
    super();
    this.#hasSession = session !== "";
    this.#path = `/ws/replay/${encodeURIComponent(session)}${share ? `?${new URLSearchParams({ share })}` : ""}`;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Connect; results are reported by events. */
  async open() {
    if (!this.#hasSession) return void queueMicrotask(() => this.#end({ code: NOT_THERE, reason: "" }));
    const socket = await socketTo(this.#path);
    if (this.isOver) return socket.close();
    this.#socket = socket;
    this.#sequence = 0;
    this.#wasAccepted = false;
    socket.onopen = () => this.say("frames", { credits: CREDITS });
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = (event) => this.#closed(event);
  }

  /**
   * Send a command.
   * @param {string} type @param {object} [fields]
   * @returns {number | null} its number; null if not connected
   */
  say(type, fields = {}) {
    if (!this.isOpen) return null;
    this.#sequence += 1;
    this.#socket?.send(JSON.stringify({ type, seq: this.#sequence, ...fields }));
    return this.#sequence;
  }

  /** Close the connection for good. */
  close() {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** @param {any} message */
  #take(message) {
    this.#attempts = 0;
    if (message.type === "error") return this.#refused(message);
    if (message.type === "hello") this.#wasAccepted = true;
    this.#tell(message.type, message);
    if (message.type === "frames") this.say("frames", { credits: 1 });
  }

  /** @param {any} message an error message; one about a chunk does not answer a command */
  #refused({ chunk, problem }) {
    if (Number.isInteger(chunk)) this.#tell("missing", chunk);
    else this.#tell("problem", problemFrom(problem.status, JSON.stringify(problem), null));
  }

  /** @param {CloseEvent} event */
  #closed(event) {
    if (this.isOver) return;
    const isTokenOver = event.code === NOT_SIGNED_IN && this.#wasAccepted; // the cookie may allow another token
    if (FINAL.has(event.code) && !isTokenOver) this.#end(event);
    else this.#again();
  }

  /** @param {{code: number, reason: string}} event */
  #end({ code, reason }) {
    this.isOver = true;
    const facts = /** @type {NonNullable<ReturnType<typeof FINAL.get>>} */ (FINAL.get(code === NOT_ALLOWED && !(reason in REASONS) ? NOT_THERE : code)); // without a share link, the page must not mention one
    const detail = REASONS[reason]; // with its own code: the texts for that of the facts name both reasons
    this.#tell("problem", new Problem(detail ? { ...facts, detail, code: reason } : facts));
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
