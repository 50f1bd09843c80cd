/**
 * Session view: video with skeleton, angle chart, repetitions and performance.
 * @module
 */

import * as api from "../api/client.js";
import { Curve, phaseLegend } from "./angle-chart.js";
import { curveTable } from "./angle-table.js";
import { announce, h, icon } from "../ui/dom.js";
import { counted, moment, words } from "../i18n/format.js";
import { Frames } from "./pose-frames.js";
import { playerKeys } from "../ui/player-keys.js";
import { Player } from "./video-player.js";
import { rejectedTable, RepetitionTable, repetitionKey } from "./repetition-table.js";
import { summary } from "./performance-summary.js";

/** Seconds that a cue stays on the video. */
const CUE_S = 3;

/** Seconds to show before and after a looped repetition. */
const LOOP_MARGIN_S = 0.15;

/** @typedef {{title: string, subtitle: string, back: boolean}} Head */

/**
 * Show a session in an element of the page.
 * @param {string} id
 * @param {number} at start time in seconds
 * @param {HTMLElement} place
 * @param {(head: Head) => void} head
 * @returns {Promise<SessionView>} rejects with a Problem
 */
export async function openSession(id, at, place, head) {
  const leaving = new AbortController();
  place.replaceChildren(h("p", { class: "muted" }, "Loading the session …"));
  const [session, exercises] = await Promise.all([api.session(id, leaving.signal), api.exercises()]);
  const samples = await curveOf(session, leaving.signal);
  const exercise = exercises.get(session.exerciseId) ?? null;
  const when = moment(session.startedAt).textContent;
  head({ title: exercise?.name ?? words(session.exerciseId ?? "session"), subtitle: `${when} · ${counted(session.repetitionCount, "repetition")}`, back: true });
  const view = new SessionView(session, exercises, samples, leaving);
  place.replaceChildren(...view.sections());
  if (at) view.player?.seek(at);
  return view;
}

/** The curve of a recorded session; null if there is none. */
async function curveOf(session, signal) {
  if (!session.recording) return null;
  try {
    const { samples } = await api.trace(session.sessionId, signal);
    return samples.timeS.length ? samples : null;
  } catch (error) {
    if (error instanceof api.Problem && (error.status === 404 || error.status === 409)) return null;
    throw error;
  }
}

/** A session on the page; all parts follow the time of the video. */
export class SessionView {
  constructor(session, exercises, samples, leaving) {
    this.session = session;
    this.samples = samples;
    this.leaving = leaving;
    this.exercises = exercises;
    this.cues = [...session.cues].sort((a, b) => a.atMs - b.atMs);
    this.marks = session.repetitions.map((rep) => ({
      start: rep.startMs / 1000, end: rep.endMs / 1000, label: String(rep.number), form: rep.form, key: repetitionKey(rep),
    }));
    this.player = session.recording?.videoUrl ? this.film(session.recording) : null;
    const wiring = this.player && { onSeek: (time) => this.player.seek(time), onMark: (mark) => this.loop(mark) };
    const drawable = samples || this.marks.some((mark) => mark.end > 0);
    this.curve = drawable ? new Curve({ samples, marks: this.marks, duration: this.duration() }, wiring) : null;
    this.table = new RepetitionTable(session, exercises, this.player ? (key) => this.loop(this.marks.find((mark) => mark.key === key)) : null);
    this.announced = 0;
  }

  duration() {
    const last = Math.max(0, ...this.marks.map((mark) => mark.end), this.samples?.timeS.at(-1) ?? 0);
    return Math.max(last, (this.session.durationMs || 0) / 1000);
  }

  film(recording) {
    this.frames = new Frames(this.session.sessionId, recording.frameCount);
    const player = new Player({
      url: recording.videoUrl, aspect: recording.aspectRatio || 16 / 9, duration: this.session.durationMs / 1000,
      total: this.marks.length, frames: this.frames,
    }, { onTime: (time) => this.tell(time), onRest: (time) => this.remember(time) });
    player.element.addEventListener("loop", ({ detail }) => {
      const key = detail?.key ?? null;
      this.curve?.setLooped(key);
      this.table.setLooped(key);
    });
    this.loadFrames(player);
    return player;
  }

  async loadFrames(player) {
    this.loading = h("p", { class: "muted loading", "aria-live": "off" }, "Loading the skeleton …");
    try {
      await this.frames.load(this.leaving.signal, () => {
        this.loading.textContent = this.frames.share < 1 ? `Loading the skeleton: ${Math.round(this.frames.share * 100)} %` : "";
        player.draw();
      });
    } catch (error) {
      if (this.leaving.signal.aborted) return;
      if (!(error instanceof api.Problem)) throw error;
      this.loading.textContent = `The skeleton could not be loaded: ${error.message} Open the session again to try again.`;
    }
  }

  /** Update everything that depends on the time. @param {number} time seconds */
  tell(time) {
    const count = this.marks.filter((mark) => mark.end <= time + 0.01).length;
    this.player.tell(count, this.cueAt(time), this.curve?.sample(time) ?? null);
    this.curve?.setTime(time);
    this.table.setTime(time);
    if (count > this.announced && !this.player.video.paused) announce(counted(count, "rep"));
    this.announced = count;
  }

  /** @param {number} time seconds @returns {string | null} the cue to show */
  cueAt(time) {
    const cues = this.cues.filter((cue) => cue.atMs / 1000 <= time && time < cue.atMs / 1000 + CUE_S);
    return cues.length ? cues[cues.length - 1].cue : null;
  }

  loop(mark) {
    const looped = this.player.loop?.key === mark.key;
    this.player.setLoop(looped ? null : { key: mark.key, start: Math.max(0, mark.start - LOOP_MARGIN_S), end: mark.end + LOOP_MARGIN_S });
  }

  /** Keep the time in the URL, so that the link can be shared. @param {number} time seconds */
  remember(time) {
    if (this.leaving.signal.aborted) return;
    const hash = new URLSearchParams({ session: this.session.sessionId, ...(time >= 0.05 && { t: time.toFixed(2) }) });
    history.replaceState(history.state, "", `/#${hash}`);
  }

  sections() {
    const film = this.player
      ? h("div", { class: "film" }, this.player.element, this.legend(), this.loading, this.belowFilm())
      : h("div", { class: "film" }, h("p", { class: "no-film" }, this.session.recording ? "The video of this session is no longer stored." : "Logged manually: this session has no video."), this.replayLink());
    const rejected = rejectedTable(this.session.rejectedRepetitions, this.player ? (time) => this.player.seek(time) : null);
    return [
      h("div", { class: "session-top" }, film, summary(this.session, this.exercises)),
      this.curve && this.movement(),
      h("section", { class: "panel", "aria-labelledby": "reps-title" }, h("h2", { id: "reps-title" }, "Repetitions"), this.table.element),
      rejected && h("section", { class: "panel", "aria-labelledby": "rejected-title" }, h("h2", { id: "rejected-title" }, "Not counted"), rejected),
    ].filter(Boolean);
  }

  legend() {
    return h("ul", { class: "sides" }, h("li", { class: "left" }, "Left: blue, solid"), h("li", { class: "right" }, "Right: orange, dashed"));
  }

  /** Link to the replay page. */
  replayLink() {
    if (!this.session.recording) return null;
    const search = new URLSearchParams({ session: this.session.sessionId });
    return h("p", { class: "replay-link" }, h("a", { class: "button", href: `/session_replay.html?${search}` }, icon("skeleton"), "Replay and train with the ghost"));
  }

  belowFilm() {
    const copied = h("span", { role: "status", class: "muted" });
    const share = h("button", { class: "button", type: "button", onclick: () => {
      this.remember(this.player.time);
      navigator.clipboard?.writeText(location.href).then(
        () => { copied.textContent = "Copied."; },
        () => { copied.textContent = "Copy the link from the address bar."; },
      ) ?? (copied.textContent = "Copy the link from the address bar.");
    } }, icon("link"), "Copy link to this moment");
    return h("div", { class: "below-film" }, this.replayLink(), share, copied, playerKeys(this.player, this.leaving.signal));
  }

  movement() {
    const title = this.curve.inDegrees ? "Joint angle" : "Movement";
    return h("section", { class: "panel", "aria-labelledby": "curve-title" },
      h("div", { class: "section-head" }, h("h2", { id: "curve-title" }, title), this.samples && phaseLegend(this.samples)),
      this.curve.element,
      h("p", { class: "muted curve-note" }, this.curve.summary(), this.player && " Drag to seek; select a number to loop that repetition."),
      this.samples && curveTable(this.samples, this.curve.inDegrees));
  }

  close() {
    this.leaving.abort();
    this.player?.close();
    this.curve?.close();
  }
}
