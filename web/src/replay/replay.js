/**
 * Playback of a recording: state, commands and received frames.
 *
 * Times are in seconds since the session started. Events: `ready` (the recording is loaded), `change`
 * (playing, speed or loop), `moment` (current time, with each repaint), `frames`, `missing` (a part is
 * lost), `end`, `lost`, `problem`.
 * @module
 */

import { FrameBuffer } from "./frame-buffer.js";
import { ReplaySocket } from "./replay-socket.js";
import { loopedOf, markersOf } from "./markers.js";
import { Playhead } from "./playhead.js";

/** @typedef {{start: number, end: number}} Loop seconds */

/** Frame duration of a typical camera, until the recording's frames are known. */
const USUAL_FRAME_S = 1 / 30;

/** Minimum length in seconds of a loop made by keys. */
const LEAST_LOOP_S = 0.2;

/** Problem codes of commands that were already applied here. */
const UNDONE = new Set(["value.invalid"]);

/** One recording, played over a replay connection. */
export class Replay extends EventTarget {
  /** @type {any} */
  recording = null;
  /** @type {{url: string, mediaType: string} | null} */
  film = null;
  /** @type {import("./markers.js").Markers} */
  markers = { sets: [], repetitions: [], cues: [], pauses: [] };
  /** Expiry of the share link; null without a share link. @type {string | null} */
  sharedUntil = null;
  /** @type {import("./frame-buffer.js").Entry[]} */
  index = [];
  frames = new FrameBuffer(4 / 3);
  #playhead = new Playhead();
  #painting = 0;

  /** @param {string} session @param {string | null} share */
  constructor(session, share) {
    super();
    this.line = new ReplaySocket(session, share);
    const on = (/** @type {string} */ what, /** @type {(message: any) => void} */ act) =>
      this.line.addEventListener(what, (event) => act(/** @type {CustomEvent} */ (event).detail));
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

  /** @returns {Loop | null} */
  get loop() {
    const { loop } = this.#playhead;
    return loop && { start: loop.startMs / 1000, end: loop.endMs / 1000 };
  }

  /** The looped repetition, if the loop is one. */
  get looped() {
    return loopedOf(this.markers, this.loop, this);
  }

  /** Lost parts of the recording that are known so far. @returns {import("./markers.js").Stretch[]} */
  get missing() {
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

  /** @param {number} time seconds */
  seek(time) {
    const timeMs = 1000 * Math.min(Math.max(time, this.start), this.end);
    this.#say("seek", { timeMs }, { timeMs });
  }

  /** @param {number} seconds */
  skip(seconds) {
    this.seek(this.time + seconds);
  }

  /** @param {1 | -1} direction */
  stepFrame(direction) {
    const next = this.frames.step(this.time, direction) ?? this.time + direction * USUAL_FRAME_S;
    this.#say("seek", { step: direction }, { playing: false, timeMs: 1000 * Math.min(Math.max(next, this.start), this.end) });
  }

  /** @param {number} rate 0.25..4 */
  setRate(rate) {
    this.#say("rate", { rate }, { rate });
  }

  /** Loop a time range; null ends the loop. @param {Loop | null} loop */
  setLoop(loop) {
    const range = loop && { startMs: 1000 * Math.max(loop.start, this.start), endMs: 1000 * Math.min(loop.end, this.end) };
    const isElsewhere = range && (1000 * this.time < range.startMs || 1000 * this.time > range.endMs);
    this.#say("loop", range ?? { startMs: null, endMs: null }, { loop: range, ...(isElsewhere && { timeMs: range.startMs }) });
  }

  /** Set the start or the end of the loop to the current time. @param {"in" | "out"} which */
  loopHere(which) {
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

  /** @param {any} message */
  #hello({ recording, film, index, markers, sharedUntil }) {
    const isFirst = this.recording === null;
    this.recording = recording;
    this.index = index;
    this.markers = markersOf(markers);
    this.sharedUntil = sharedUntil;
    if (isFirst) {
      this.film = film;
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

  /** @param {import("./playhead.js").Position} position */
  #stands(position) {
    if (this.#playhead.take(position, performance.now())) this.#tell("change");
  }

  /** Report a refused command, and send another one, which the server answers with its actual position. @param {import("../api/problem.js").Problem} problem */
  #refused(problem) {
    this.#tell("problem", problem);
    if (UNDONE.has(problem.code)) this.line.say("frames", { credits: 1 });
  }

  /** @param {string} type @param {object} fields @param {Parameters<Playhead["expect"]>[1]} change */
  #say(type, fields, change) {
    this.#playhead.expect(this.line.say(type, fields), change, performance.now());
    this.#tell("change");
  }

  #repaint() {
    this.#painting = requestAnimationFrame(() => { this.#tell("moment"); this.#repaint(); });
  }

  /** @param {string} what @param {any} [detail] */
  #tell(what, detail = null) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}
