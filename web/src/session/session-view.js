/**
 * Session view: video with skeleton, angle chart, repetitions and performance.
 * @module
 */

import * as api from "../api/client.js";
import { Curve, phaseLegend } from "./angle-chart.js";
import { curveTable } from "./angle-table.js";
import { announce, h, icon, uniqueKey } from "../ui/dom.js";
import { phaseName } from "../i18n/phases.js";
import { length, moment, words } from "../i18n/format.js";
import { bestAndWorst } from "./best-and-worst.js";
import { withDefinitions } from "./exercise-definitions.js";
import { repetitionStrip } from "./repetition-strip.js";
import { sessionActions } from "./session-actions.js";
import { verdict } from "./verdict.js";
import { Frames } from "./pose-frames.js";
import { playerKeys } from "../ui/player-keys.js";
import { filmSentence } from "../replay/film-status.js";
import { Player } from "./video-player.js";
import { rejectedTable, RepetitionTable, repetitionKey } from "./repetition-table.js";
import { summary } from "./performance-summary.js";
import { t } from "../i18n/l10n.js";

/** Seconds that a cue stays on the video. */
const CUE_S = 3;
/** Seconds to show before and after a looped repetition. */
const LOOP_MARGIN_S = 0.15;

/** @typedef {{title: string, heading?: string, subtitle: string, back: boolean}} Head `heading`: the first heading of the page, if it is not the title */

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
  place.replaceChildren(h("p", { class: "muted" }, t("loading-session")));
  const session = await api.session(id, leaving.signal);
  session.repetitions = inOrder(session.repetitions);
  const [samples, exercises] = await Promise.all([curveOf(session, leaving.signal), withDefinitions(session.sets)]);
  const exercise = exercises.get(session.exerciseId) ?? null;
  const when = moment(session.startedAt).textContent;
  const name = exercise?.name ?? words(session.exerciseId ?? "session");
  head({ title: name, heading: verdict(session, exercises).headline, subtitle: `${session.recording?.name && session.recording.name !== name ? `${session.recording.name} · ` : ""}${name} · ${when} · ${length(session.durationMs)}`, back: true });
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

/**
 * Repetitions in the order in which they were performed, each with its `place` in the set. After a
 * removal, their numbers have gaps.
 * @param {any[]} repetitions
 */
export function inOrder(repetitions) {
  const sorted = [...repetitions].sort((a, b) => a.set - b.set || a.startMs - b.startMs);
  return sorted.map((rep, index) => ({ ...rep, place: index - sorted.findIndex(({ set }) => set === rep.set) + 1 }));
}

/** Why a session has no video. @param {any} session */
function noFilmWords({ recording, countedBy }) {
  if (recording) return filmSentence(recording.filmStatus.toLowerCase(), recording.filmProblem) || t("no-film-kept");
  if (countedBy?.source === "MANUAL") return t("no-film-by-hand");
  return t("no-movement-kept");
}

/** A session on the page; all parts follow the time of the video. */
export class SessionView {
  constructor(session, exercises, samples, leaving) {
    this.session = session;
    this.samples = samples;
    this.leaving = leaving;
    this.loading = h("p", { class: "muted loading", "aria-live": "off" });
    this.exercises = exercises;
    this.cues = [...session.cues].sort((a, b) => a.atMs - b.atMs);
    this.marks = session.repetitions.map((rep) => ({
      start: rep.startMs / 1000, end: rep.endMs / 1000, label: String(rep.place), form: rep.form, key: repetitionKey(rep),
    }));
    this.frames = session.recording ? new Frames(session.sessionId, session.recording.frameCount) : null;
    const recording = this.frames && { samples, frames: this.frames, aspect: session.recording.aspectRatio || 16 / 9 };
    this.compared = recording && bestAndWorst(session.repetitions, recording);
    this.player = session.recording?.videoUrl ? this.film(session.recording) : null;
    if (this.frames) void this.loadFrames(this.frames);
    const wiring = this.player && { onSeek: (time) => this.player.seek(time), onMark: (mark) => this.loop(mark) };
    const drawable = samples || this.marks.some((mark) => mark.end > 0);
    this.curve = drawable ? new Curve({ samples, marks: this.marks, duration: this.duration() }, wiring) : null;
    this.table = new RepetitionTable(session, exercises, this.player ? (key) => this.loop(this.marks.find((mark) => mark.key === key)) : null, recording);
    this.loading.textContent = this.frames ? t("loading-skeleton") : "";
    this.announced = 0;
  }

  duration() {
    const last = Math.max(0, ...this.marks.map((mark) => mark.end), this.samples?.timeS.at(-1) ?? 0);
    return Math.max(last, (this.session.durationMs || 0) / 1000);
  }

  film(recording) {
    const player = new Player({
      url: recording.videoUrl, aspect: recording.aspectRatio || 16 / 9, duration: this.session.durationMs / 1000,
      total: this.marks.length, frames: this.frames, phaseName: (phase) => phaseName(this.session.exerciseId, phase),
    }, { onTime: (time) => this.tell(time), onRest: (time) => this.remember(time) });
    player.element.addEventListener("loop", ({ detail }) => {
      const key = detail?.key ?? null;
      this.curve?.setLooped(key);
      this.table.setLooped(key);
    });
    return player;
  }

  /** Load the poses, for the video's skeleton and for the figures. @param {Frames} frames */
  async loadFrames(frames) {
    try {
      await frames.load(this.leaving.signal, () => {
        this.loading.textContent = frames.share < 1 ? t("loading-skeleton-share", { share: Math.round(frames.share * 100) }) : "";
        this.player?.draw();
        this.compared?.draw();
      });
      this.table.drawStills();
    } catch (error) {
      if (this.leaving.signal.aborted) return;
      if (!(error instanceof api.Problem)) throw error;
      this.loading.textContent = t("skeleton-not-loaded", { reason: error.message });
    }
  }

  /** Update everything that depends on the time. @param {number} time seconds */
  tell(time) {
    const count = this.marks.filter((mark) => mark.end <= time + 0.01).length;
    this.player.tell(count, this.cueAt(time), this.curve?.sample(time) ?? null);
    this.curve?.setTime(time);
    this.table.setTime(time);
    if (count > this.announced && !this.player.video.paused) announce(t("count-reps", { count }));
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
      : h("div", { class: "film" }, h("p", { class: "no-film" }, noFilmWords(this.session)), this.loading);
    const rejected = rejectedTable(this.session.rejectedRepetitions, this.player ? (time) => this.player.seek(time) : null);
    const strip = repetitionStrip(this.session.repetitions, this.player ? (key) => this.loop(this.marks.find((mark) => mark.key === key)) : null, repetitionKey);
    const { advice, tone } = verdict(this.session, this.exercises);
    return [
      advice && h("p", { class: `advice ${tone}` }, advice),
      sessionActions(this.session),
      h("div", { class: "result" },
        this.compared && h("section", { class: "panel compare", "aria-labelledby": "compare-title" }, h("h2", { id: "compare-title" }, this.compared.title), this.compared.element),
        strip && h("section", { class: "panel", "aria-labelledby": "strip-title" }, h("h2", { id: "strip-title" }, t("rep-by-rep")), strip)),
      h("div", { class: "session-top" }, film, summary(this.session, this.exercises)),
      this.correction(),
      this.curve && this.movement(),
      h("section", { class: "panel", "aria-labelledby": "reps-title" }, h("h2", { id: "reps-title" }, t("repetitions")), this.table.element),
      rejected && h("section", { class: "panel", "aria-labelledby": "rejected-title" }, h("h2", { id: "rejected-title" }, t("not-counted")), rejected),
    ].filter(Boolean);
  }

  legend() {
    return h("ul", { class: "sides" }, h("li", { class: "left" }, t("left-side")), h("li", { class: "right" }, t("right-side")));
  }

  belowFilm() {
    const copied = h("span", { role: "status", class: "muted" });
    const share = h("button", { class: "button", type: "button", onclick: () => {
      this.remember(this.player.time);
      navigator.clipboard?.writeText(location.href).then(
        () => { copied.textContent = t("copied"); },
        () => { copied.textContent = t("copy-from-bar"); },
      ) ?? (copied.textContent = t("copy-from-bar"));
    } }, icon("link"), t("copy-moment"));
    return h("div", { class: "below-film" }, share, copied, playerKeys(this.player, this.leaving.signal));
  }

  /** Let the athlete name another exercise: the recorded movement is counted again. */
  correction() {
    const { recording, sessionId, exerciseId, status } = this.session;
    if (!recording || status !== "COMPLETED") return null;
    const others = [...this.exercises.values()].filter(({ id }) => id !== exerciseId).sort((a, b) => a.name.localeCompare(b.name));
    const choice = h("select", { id: "correct-exercise" }, others.map(({ id, name }) => h("option", { value: id }, name)));
    const note = h("p", { role: "status", class: "muted" });
    const key = uniqueKey();
    const correct = async () => {
      button.disabled = true;
      note.textContent = t("counting-again");
      try {
        const done = await api.send("POST", `/v1/sessions/${encodeURIComponent(sessionId)}:correct-exercise`, { exerciseId: choice.value }, { "Idempotency-Key": `${key}-${choice.value}` });
        location.hash = String(new URLSearchParams({ session: done.sessionId }));
      } catch (error) {
        if (!(error instanceof api.Problem)) throw error;
        note.textContent = error.message;
      } finally {
        button.disabled = false;
      }
    };
    const button = h("button", { class: "button", type: "button", onclick: () => void correct() }, t("count-again"));
    return h("details", { class: "panel correction" }, h("summary", null, t("wrong-exercise")),
      h("p", null, t("wrong-exercise-what")),
      h("p", null, h("label", { for: "correct-exercise" }, t("exercise"), " "), choice, " ", button), note);
  }

  movement() {
    const title = this.curve.inDegrees ? t("joint-angle") : t("movement");
    return h("section", { class: "panel", "aria-labelledby": "curve-title" },
      h("div", { class: "section-head" }, h("h2", { id: "curve-title" }, title), this.samples && phaseLegend(this.samples, this.session.exerciseId)),
      this.curve.element,
      h("p", { class: "muted curve-note" }, this.curve.summary(), this.player && ` ${t("drag-to-seek")}`),
      this.samples && curveTable(this.samples, this.curve.inDegrees, this.session.exerciseId));
  }

  close() {
    this.leaving.abort();
    this.player?.close();
    this.curve?.close();
  }
}
