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

import "./texts.ts";
import { Problem, problemFrom } from "../api/problem.ts";
import { t } from "../i18n/l10n.ts";
import { pauseMs } from "../live/backoff.ts";
import { socketTo } from "../live/sockets.ts";

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

/** Code of a recording whose movement and video were deleted. */
export const NOT_KEPT = "recording.not_kept";

/** Explanations by reason of a refused link. */
const REASONS: Readonly<Record<string, string>> = {
  "share_link.expired": t("replay-link-over"),
  "share_link.revoked": t("replay-link-withdrawn"),
  "share_link.invalid": t("replay-link-invalid"),
};

type Message = {type: string};
/** an error message; one about a chunk does not answer a command */
type Refusal = Message & {chunk: number | null, problem: {status: number}};

const isRefusal = (message: Message): message is Refusal => message.type === "error";

/** The connection of one recording, from `open` to `close`. */
export class ReplaySocket extends EventTarget {
  /** Whether it will never reconnect. */
  isOver = false;
  #socket: WebSocket | null = null;
  #sequence = 0;
  #attempts = 0;
  #timer = 0;
  #path;
  #hasSession;
  /** Whether this connection was accepted before; if so, only the access token has expired. */
  #wasAccepted = false;

  /** @param share token of a share link */
  constructor(session: string, share: string | null) {
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
    const socket = socketTo(this.#path);
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
   * @returns its number; null if not connected
   */
  say(type: string, fields: object = {}): number | null {
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

  #take(message: Message) {
    this.#attempts = 0;
    if (isRefusal(message)) return this.#refused(message);
    if (message.type === "hello") this.#wasAccepted = true;
    this.#tell(message.type, message);
    if (message.type === "frames") this.say("frames", { credits: 1 });
  }

  #refused({ chunk, problem }: Refusal) {
    if (Number.isInteger(chunk)) this.#tell("missing", chunk);
    else this.#tell("problem", problemFrom(problem.status, JSON.stringify(problem), null));
  }

  #closed(event: CloseEvent) {
    if (this.isOver) return;
    const isTokenOver = event.code === NOT_SIGNED_IN && this.#wasAccepted; // the cookie may allow another token
    if (FINAL.has(event.code) && !isTokenOver) this.#end(event);
    else this.#again();
  }

  #end({ code, reason }: {code: number, reason: string}) {
    this.isOver = true;
    if (reason === NOT_KEPT) return this.#tell("problem", new Problem({ title: t("replay-not-kept"), detail: t("replay-not-kept-why"), code: reason, status: 404 }));
    const facts = FINAL.get(code === NOT_ALLOWED && !(reason in REASONS) ? NOT_THERE : code) as NonNullable<ReturnType<typeof FINAL.get>>; // without a share link, the page must not mention one
    const detail = REASONS[reason]; // with its own code: the texts for that of the facts name both reasons
    this.#tell("problem", new Problem(detail ? { ...facts, detail, code: reason } : facts));
  }

  #again() {
    if (this.isOver) return;
    this.#attempts += 1;
    this.#tell("lost", null);
    this.#timer = setTimeout(() => void this.open(), pauseMs(this.#attempts));
  }

  #tell(what: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
