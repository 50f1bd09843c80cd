/**
 * Recording of an athlete's movement for replay: landmarks and, if wanted, pictures.
 *
 * Protocol of `/ws/pose`: `start`, `frames`, `pause`, `resume`, `stop` and `status`, one message at a
 * time. After a lost connection it reconnects with `continue` and repeats the frames that were not
 * stored, by their numbers. With a `RecordingLog`, the frames are also in the browser's storage until the
 * server has them: a closed page loses less than half a second, and `Recording.resume` continues.
 *
 * Events: `status` (detail: status of the recording), `problem` (detail: a `Problem`; the rest waits for `retry`),
 * `unlogged` (detail: a `Problem`; the browser's storage failed, and the recording continues in memory),
 * `full` (detail: a `Problem`; without a connection, no more frames are kept until there is one), `room` (they are kept again).
 * @module
 */

import { Problem } from "../api/problem.ts";
import { base64, forMessage, MOST_PICTURES_WAITING, MOST_WAITING, toMessage } from "./recorded-frame.ts";
import { RecordingLog } from "./recording-log.ts";
import { RecordingRetries, UNAUTHORIZED } from "./recording-retries.ts";
import { ask, noConnectionProblem, openRecordingSocket } from "./recording-socket.ts";
import type { Batch, Command, RecordedFrame, RecordingKey, RecordingState } from "./recording-store.ts";

export type RecordingStatus = {id: string, status: "recording" | "paused" | "completed", frameCount: number, duration: number, bytes: number};

/** Frames of a usual message: about half a second. */
const BATCH = 12;

/** Frames to hold back while pictures are recorded, because a picture may be encoded after its pose is found. */
const HELD = 4;

const ALREADY_STARTED = "recording.already_started";

/** One recording, from `start` to `stop`. */
export class Recording extends EventTarget {
  #socket: WebSocket | null = null;
  /** Pending commands with the number of frames that come before each. */
  #commands: Command[];
  /** Frames that are not stored yet; the first one has the number `#kept`. */
  #frames: RecordedFrame[] = [];
  #sessionId;
  #log: RecordingLog | null = null;
  /** Pictures that came before their frames. */
  #pictures: Map<number, string> = new Map();
  #hasPictures = false;
  #kept = 0;
  /** Number of the next frame to send. */
  #next = 0;
  /** Whether the page was told that too many frames wait for a connection. */
  #isFull = false;
  #isPaused = false;
  #isBusy = false;
  #isOver = false;
  /** Whether this page did not start the recording. */
  #isResumed = false;
  #isRefused = false;
  #retries = new RecordingRetries();
  /** Whether this connection was accepted before; if so, only the access token has expired. */
  #wasAccepted = false;
  #id: string | null = null;

  /** @param athleteId whose recording the browser stores; default: it is only in memory */
  constructor(what: {sessionId: string, name: string, description: string, aspectRatio: number}, athleteId?: string) {
    super();
    this.#sessionId = what.sessionId;
    this.#commands = [{ message: { type: "start", ...what }, after: 0 }];
    if (athleteId !== undefined) this.#logTo({ sessionId: what.sessionId, athleteId, startedAt: Date.now() });
    void this.#pump();
  }

  /** Continue what a closed page left: its frames are sent, and frames may be pushed again. */
  static resume({ sessionId, athleteId, commands, startedAt = Date.now() }: RecordingState, batches: Batch[]) {
    const recording = new Recording({ sessionId, name: "", description: "", aspectRatio: 1 });
    const end = Math.max(batches.at(0)?.first ?? 0, ...batches.map(({ first, frames }) => first + frames.length), ...commands.map(({ after }) => after));
    recording.#kept = recording.#next = batches.at(0)?.first ?? end;
    recording.#frames = batches.flatMap(({ frames }) => frames);
    recording.#commands = [...commands];
    if (commands.at(0)?.message.type !== "start") recording.#id = sessionId;
    recording.#isResumed = true;
    recording.#isPaused = commands.at(-1)?.message.type === "pause";
    recording.#logTo({ sessionId, athleteId, startedAt }, end);
    return recording;
  }

  #logTo(key: RecordingKey, written?: number) {
    this.#log = new RecordingLog(key, { written, onProblem: (detail) => this.dispatchEvent(new CustomEvent("unlogged", { detail })) });
    this.#log.append(this.#commands, [], 0, 0);
  }

  /** Add a frame. @param timeMs since the start of the session */
  push({ landmarks, world = null }: {landmarks: Float32Array | null, world?: Float32Array | null}, timeMs: number) {
    if (this.#isPaused || this.#isOver || timeMs < 0 || this.#leavesOut()) return;
    const image = this.#pictures.get(timeMs);
    this.#pictures.delete(timeMs);
    this.#frames.push({ timeMs, landmarks, world, ...(image && { image }) });
    const ready = this.#kept + this.#frames.length - this.#held;
    if (ready % BATCH === 0) this.#log?.append(this.#commands, this.#frames, this.#kept, ready);
    if (!this.#isBusy && this.#sendable >= BATCH) void this.#pump();
  }

  /** Whether too many frames wait. The page is told once that there is no connection, and once when there is room again. */
  #leavesOut() {
    const leavesOut = this.#frames.length >= MOST_WAITING, isFull = leavesOut && this.#retries.isCutOff;
    if (isFull && !this.#isFull) this.dispatchEvent(new CustomEvent("full", { detail: noConnectionProblem() }));
    if (!isFull && this.#isFull) this.dispatchEvent(new CustomEvent("room"));
    this.#isFull = isFull;
    return leavesOut;
  }

  /** Add the picture of a frame, before or after the frame itself; it is left out if the frame was sent. @param timeMs since the start of the session */
  picture(timeMs: number, jpeg: Uint8Array) {
    if (this.#isPaused || this.#isOver || this.#frames.length >= MOST_PICTURES_WAITING) return;
    this.#hasPictures = true;
    const frame = this.#frames.slice(this.#next - this.#kept).find((each) => each.timeMs === timeMs);
    if (frame) frame.image = base64(jpeg);
    else if (this.#pictures.set(timeMs, base64(jpeg)).size > HELD) this.#pictures.delete([...this.#pictures.keys()][0]);
  }

  pause() {
    this.#isPaused = true;
    this.#command("pause");
  }

  resume() {
    this.#isPaused = false;
    this.#command("resume");
  }

  /** End the recording after sending the waiting frames. @returns resolves when it is stored or has failed */
  stop(): Promise<void> {
    this.#isPaused = true;
    if (this.#isOver) return Promise.resolve();
    const done: Promise<void> = new Promise((resolve) => this.addEventListener("over", () => resolve(), { once: true }));
    this.#command("stop");
    if (this.#isRefused) this.#leave();
    return done;
  }

  /** Whether the server has refused the rest. */
  get isRefused() { return this.#isRefused; }

  /** Send what was refused, and continue to record. */
  retry() {
    if (this.#isOver) this.#log?.hold();
    this.#isOver = this.#isRefused = this.#isBusy = false;
    this.#retries = new RecordingRetries();
    void this.#pump();
  }

  /** Number of frames that can be sent now. */
  get #sendable() { return this.#frames.length - (this.#next - this.#kept) - this.#held; }

  /** Number of frames to hold back. */
  get #held() { return this.#hasPictures ? HELD : 0; }

  #command(type: string) {
    const end = this.#kept + this.#frames.length;
    this.#commands.push({ message: { type }, after: end });
    this.#log?.append(this.#commands, this.#frames, this.#kept, end);
    if (!this.#isBusy) void this.#pump();
  }

  async #pump() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (!this.#isOver && (this.#commands.length > 0 || this.#sendable >= BATCH)) await this.#step();
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
    const to = command ? command.after - this.#kept : from + this.#sendable;
    const frames = forMessage(this.#frames.slice(from, to));
    if (frames.length > 0) {
      this.#stands(await ask(line, { type: "frames", first: this.#next, frames: frames.map(toMessage) }));
      this.#next += frames.length;
    } else if (command) {
      const state = await ask(line, command.message).catch((problem) => this.#alreadyStarted(line, problem));
      this.#commands.shift();
      this.#stands(state);
    }
  }

  /** Continue a recording whose start was not answered; one that has frames of another page is not ours. */
  async #alreadyStarted(line: WebSocket, problem: Problem) {
    if (problem.code !== ALREADY_STARTED) throw problem;
    const state = await ask(line, { type: "continue", id: this.#sessionId });
    if (state.frameCount > 0 && !this.#isResumed) throw problem;
    this.#next = state.frameCount;
    return state;
  }

  #stands(state: RecordingStatus) {
    this.#id = state.id;
    this.#wasAccepted = true;
    this.#frames.splice(0, state.frameCount - this.#kept);
    this.#kept = state.frameCount;
    this.#log?.trim(this.#commands, state.frameCount);
    this.dispatchEvent(new CustomEvent("status", { detail: state }));
    if (state.status !== "completed") return;
    this.#log?.end();
    this.#over();
  }

  #failed(problem: Problem) {
    const pause = this.#retries.pauseMs(problem, { wasAccepted: this.#wasAccepted, isBegun: this.#id !== null });
    this.#socket?.close(); // a late answer would be taken for that of another message
    this.#socket = null;
    if (pause !== null) {
      setTimeout(() => { this.#isBusy = false; void this.#pump(); }, pause);
      return;
    }
    this.#isRefused = true;
    if (problem.status !== UNAUTHORIZED || this.#commands.at(-1)?.message.type === "stop") this.#leave(); // otherwise it continues in the browser's storage
    this.dispatchEvent(new CustomEvent("problem", { detail: problem }));
  }

  /** Leave what is not sent in the browser's storage. */
  #leave() {
    this.#log?.append(this.#commands, this.#frames, this.#kept, this.#kept + this.#frames.length);
    this.#log?.release();
    this.#over();
  }

  #over() {
    this.#isOver = true;
    this.#socket?.close();
    this.dispatchEvent(new CustomEvent("over"));
  }

  /** The open connection; a new one continues at the server's frame number. */
  async #line() {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    this.#wasAccepted = false;
    this.#socket = await openRecordingSocket();
    if (this.#id !== null) {
      const state = await ask(this.#socket, { type: "continue", id: this.#id });
      this.#stands(state);
      this.#next = state.frameCount;
    }
    return this.#socket;
  }
}
