/**
 * Playback of a recording: state, commands and received frames.
 *
 * Times are in seconds since the session started. Events: `ready` (the recording is loaded), `change`
 * (playing, speed or loop), `moment` (current time, with each repaint), `frames`, `missing` (a part is
 * lost), `end`, `lost`, `problem`.
 * @module
 */

import { FrameBuffer, type Entry, type Frame } from "./frame-buffer.ts";
import { ReplaySocket } from "./replay-socket.ts";
import { loopedOf, markersOf, type Markers, type ReceivedMarkers, type Stretch } from "./markers.ts";
import { Playhead, type Position } from "./playhead.ts";
import type { Problem } from "../api/problem.ts";

/** seconds */
export type Loop = {start: number, end: number};

/** What the server says of a recording, as `docs/how-to/replay.md` describes it. */
export interface Recorded {
  id: string;
  sessionId: string;
  name: string;
  status: string;
  createdAt: string;
  aspectRatio: number | null;
  startMs: number;
  endMs: number;
  exercise: string | null;
  isOwn: boolean;
  videoStatus: string;
  videoProblem: string | null;
}

type RecordedVideo = {url: string, mediaType: string};
type Hello = {recording: Recorded, video: RecordedVideo | null, index: Entry[], markers: ReceivedMarkers, sharedUntil: string | null};
/** Details of the events of the connection. */
type Messages = {hello: Hello, frames: {chunk: number, frames: Frame[]}, missing: number, position: Position, end: {final: boolean}, lost: null, problem: Problem};

/** Frame duration of a typical camera, until the recording's frames are known. */
const USUAL_FRAME_S = 1 / 30;

/** Minimum length in seconds of a loop made by keys. */
const LEAST_LOOP_S = 0.2;

/** Problem codes of commands that were already applied here. */
const UNDONE = new Set(["value.invalid"]);

/** One recording, played over a replay connection. */
export class Replay extends EventTarget {
  line: ReplaySocket;
  /** Token of the share link. */
  share: string | null;

  recording: Recorded | null = null;
  video: RecordedVideo | null = null;
  markers: Markers = { sets: [], repetitions: [], cues: [], pauses: [] };
  /** Expiry of the share link; null without a share link. */
  sharedUntil: string | null = null;
  index: Entry[] = [];
  frames = new FrameBuffer(4 / 3);
  #playhead = new Playhead();
  #painting = 0;

  constructor(session: string, share: string | null) {
    super();
    this.share = share;
    this.line = new ReplaySocket(session, share);
    const on = <What extends keyof Messages>(what: What, act: (message: Messages[What]) => void) =>
      this.line.addEventListener(what, (event) => act((event as CustomEvent<Messages[What]>).detail));
    on("hello", (message) => this.#hello(message));
    on("frames", (message) => { this.frames.put(message); this.#tell("frames"); });
    on("missing", (chunk) => { this.frames.miss(chunk); this.#tell("frames"); this.#tell("missing"); });
    on("position", (message) => this.#stands(message));
    on("end", (message) => this.#tell("end", message));
    on("lost", () => { this.#playhead.lost(performance.now()); this.#tell("lost"); });
    on("problem", (problem) => this.#refused(problem));
    void this.line.open();
    this.#repaint();
  }

  /** Current time in seconds. */
  get time() {
    return this.#playhead.at(performance.now()) / 1000;
  }

  get start() {
    return (this.recording?.startMs ?? 0) / 1000;
  }

  get end() {
    return Math.max(this.#playhead.endMs, this.recording?.endMs ?? 0) / 1000;
  }

  get isPlaying() {
    return this.#playhead.playing;
  }

  get isWaiting() {
    return this.#playhead.waiting;
  }

  get rate() {
    return this.#playhead.rate;
  }

  get loop(): Loop | null {
    const { loop } = this.#playhead;
    return loop && { start: loop.startMs / 1000, end: loop.endMs / 1000 };
  }

  /** The looped repetition, if the loop is one. */
  get looped() {
    return loopedOf(this.markers, this.loop, this);
  }

  /** Lost parts of the recording that are known so far. */
  get missing(): Stretch[] {
    return this.frames.missing(this.index).map(({ startMs, endMs }) => ({ startS: startMs / 1000, endS: Math.max(endMs, startMs + 1) / 1000 })); // at least 1 ms, for parts of one frame
  }

  play() {
    this.#say("play", {}, { playing: true, ...(this.time >= this.end && { timeMs: 1000 * this.start }) });
  }

  pause() {
    this.#say("pause", {}, { playing: false });
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** @param time seconds */
  seek(time: number) {
    const timeMs = 1000 * Math.min(Math.max(time, this.start), this.end);
    this.#say("seek", { timeMs }, { timeMs });
  }

  skip(seconds: number) {
    this.seek(this.time + seconds);
  }

  stepFrame(direction: 1 | -1) {
    const next = this.frames.step(this.time, direction) ?? this.time + direction * USUAL_FRAME_S;
    this.#say("seek", { step: direction }, { playing: false, timeMs: 1000 * Math.min(Math.max(next, this.start), this.end) });
  }

  /** @param rate 0.25..4 */
  setRate(rate: number) {
    this.#say("rate", { rate }, { rate });
  }

  /** Loop a time range; null ends the loop. */
  setLoop(loop: Loop | null) {
    const range = loop && { startMs: 1000 * Math.max(loop.start, this.start), endMs: 1000 * Math.min(loop.end, this.end) };
    const isElsewhere = range && (1000 * this.time < range.startMs || 1000 * this.time > range.endMs);
    this.#say("loop", range ?? { startMs: null, endMs: null }, { loop: range, ...(isElsewhere && { timeMs: range.startMs }) });
  }

  /** Set the start or the end of the loop to the current time. */
  loopHere(which: "in" | "out") {
    const { time } = this;
    const loop = this.loop ?? { start: this.start, end: this.end };
    if (which === "in") {
      const start = Math.min(time, this.end - LEAST_LOOP_S);
      this.setLoop({ start, end: Math.max(loop.end, start + LEAST_LOOP_S) });
    } else {
      const end = Math.max(time, this.start + LEAST_LOOP_S);
      this.setLoop({ start: Math.min(loop.start, end - LEAST_LOOP_S), end });
    }
  }

  close() {
    cancelAnimationFrame(this.#painting);
    this.line.close();
  }

  #hello({ recording, video, index, markers, sharedUntil }: Hello) {
    const isFirst = this.recording === null;
    this.recording = recording;
    this.index = index;
    this.markers = markersOf(markers);
    this.sharedUntil = sharedUntil;
    if (isFirst) {
      this.video = video;
      this.frames = new FrameBuffer(recording.aspectRatio || 4 / 3);
      this.#playhead.endMs = recording.endMs;
      this.#tell("ready");
    } else this.#goOn();
  }

  /** After a reconnect, send the current state to the server. */
  #goOn() {
    const { loop, rate, time, isPlaying } = this;
    this.#playhead.waiting = false;
    if (loop) this.setLoop(loop);
    this.setRate(rate);
    this.seek(time);
    if (isPlaying) this.play();
  }

  #stands(position: Position) {
    if (this.#playhead.take(position, performance.now())) this.#tell("change");
  }

  /** Report a refused command, and send another one, which the server answers with its actual position. */
  #refused(problem: Problem) {
    this.#tell("problem", problem);
    if (UNDONE.has(problem.code)) this.line.say("frames", { credits: 1 });
  }

  #say(type: string, fields: object, change: Parameters<Playhead["expect"]>[1]) {
    this.#playhead.expect(this.line.say(type, fields), change, performance.now());
    this.#tell("change");
  }

  #repaint() {
    this.#painting = requestAnimationFrame(() => { this.#tell("moment"); this.#repaint(); });
  }

  #tell(what: string, detail: unknown = null) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
