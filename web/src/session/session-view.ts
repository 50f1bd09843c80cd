/**
 * Session view: video with skeleton, angle chart, repetitions and performance.
 * @module
 */

import * as api from "../api/client.ts";
import { Curve, phaseLegend, type Mark } from "./angle-chart.ts";
import { curveTable } from "./angle-table.ts";
import { isCopied } from "../ui/clipboard.ts";
import { announce, h, icon, isPresent, onDetail } from "../ui/dom.ts";
import { phaseName } from "../i18n/phases.ts";
import { length, moment, words } from "../i18n/format.ts";
import { bestAndWorst, compared } from "./best-and-worst.ts";
import { correction } from "./exercise-correction.ts";
import { loadSession } from "./load-session.ts";
import { repetitionStrip } from "./repetition-strip.ts";
import { sessionActions } from "./session-actions.ts";
import { verdict } from "./verdict.ts";
import { extremeOf } from "./worst-moment.ts";
import { Frames } from "./pose-frames.ts";
import { playerKeys } from "../ui/player-keys.ts";
import { filmSentence } from "../replay/film-status.ts";
import { Player, type Cue } from "./video-player.ts";
import { rejectedTable, RepetitionTable, repetitionKey, type Rep } from "./repetition-table.ts";
import { summary } from "./performance-summary.ts";
import { t } from "../i18n/l10n.ts";

/** Seconds that a cue stays on the video. */
const CUE_S = 3;
/** Seconds to show before and after a looped repetition. */
const LOOP_MARGIN_S = 0.15;

type Shown = Omit<api.Session, "repetitions"> & {repetitions: Rep[]};
/** `heading`: the first heading of the page, if it is not the title */
export type Head = {title: string, heading?: string, subtitle: string, back: boolean};

/**
 * Show a session in an element of the page.
 * @param at start time in seconds
 * @returns rejects with a Problem
 */
export async function openSession(id: string, at: number, place: HTMLElement, head: (head: Head) => void): Promise<SessionView> {
  const leaving = new AbortController();
  place.replaceChildren(h("p", { class: "muted" }, t("loading-session")));
  const { session, samples, exercises } = await loadSession(id, leaving.signal);
  const exercise = exercises.get(session.exerciseId ?? "") ?? null;
  const when = moment(session.startedAt).textContent;
  const name = exercise?.name ?? words(session.exerciseId ?? "session");
  head({ title: name, heading: verdict(session, exercises).headline, subtitle: `${session.recording?.name && session.recording.name !== name ? `${session.recording.name} · ` : ""}${name} · ${when} · ${length(session.durationMs)}`, back: true });
  const view = new SessionView(session, exercises, samples, leaving);
  place.replaceChildren(...view.sections());
  if (at) view.player?.seek(at);
  return view;
}

/** Why a session has no video. */
function noFilmWords({ recording, countedBy }: Shown) {
  if (recording) return filmSentence(recording.filmStatus.toLowerCase(), recording.filmProblem) || t("no-film-kept");
  if (countedBy?.source === "MANUAL") return t("no-film-by-hand");
  return t("no-movement-kept");
}

/** A session on the page; all parts follow the time of the video. */
export class SessionView {
  session: Shown;
  samples: api.Samples | null;
  leaving: AbortController;
  loading: HTMLElement;
  exercises: Map<string, any>;
  cues: { cue: string; atMs: number; set: number; repetition: number | null; fault: string | null }[];
  marks: { start: number; end: number; label: string; form: number | null; key: string }[];
  frames: Frames | null;
  compared: { title: string; element: HTMLElement; draw: () => void } | null;
  player: Player | null;
  curve: Curve | null;
  table: RepetitionTable;
  announced: number;

  /** @param exercises with the definitions of those of the session @param leaving aborted when the view is closed */
  constructor(session: Shown, exercises: Map<string, any>, samples: api.Samples | null, leaving: AbortController) {
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
    const recording = this.frames && { samples, frames: this.frames, aspect: session.recording?.aspectRatio || 16 / 9 };
    this.compared = recording && bestAndWorst(session.repetitions, recording);
    this.player = session.recording?.videoUrl && this.frames ? this.film(session.recording.videoUrl, session.recording.aspectRatio, this.frames) : null;
    if (this.frames) void this.loadFrames(this.frames);
    const { player } = this;
    const wiring = player && { onSeek: (time: number) => player.seek(time), onMark: (mark: Mark) => this.loop(mark.key) };
    const drawable = samples || this.marks.some((mark) => mark.end > 0);
    this.curve = drawable ? new Curve({ samples, marks: this.marks, duration: this.duration() }, wiring) : null;
    this.table = new RepetitionTable(session, exercises, player ? (key) => this.loop(key) : null, recording);
    this.loading.textContent = this.frames ? t("loading-skeleton") : "";
    this.announced = 0;
  }

  duration() {
    const last = Math.max(0, ...this.marks.map((mark) => mark.end), this.samples?.timeS.at(-1) ?? 0);
    return Math.max(last, (this.session.durationMs || 0) / 1000);
  }

  /** @param aspect width / height */
  film(url: string, aspect: number | null, frames: Frames) {
    const player = new Player({
      url, aspect: aspect || 16 / 9, duration: this.session.durationMs / 1000,
      total: this.marks.length, frames, phaseName: (phase) => phaseName(this.session.exerciseId, phase),
    }, { onTime: (time) => this.tell(time), onRest: (time) => this.remember(time) });
    onDetail(player.element, "loop", (detail: any) => {
      const key = detail?.key ?? null;
      this.curve?.setLooped(key);
      this.table.setLooped(key);
    });
    return player;
  }

  /** Load the poses, for the video's skeleton and for the figures. */
  async loadFrames(frames: Frames) {
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

  /** Update everything that depends on the time. @param time seconds */
  tell(time: number) {
    const count = this.marks.filter((mark) => mark.end <= time + 0.01).length;
    this.player?.tell(count, this.cueAt(time), this.curve?.sample(time) ?? null, this.definitionAt(time));
    this.curve?.setTime(time);
    this.table.setTime(time);
    if (count > this.announced && !this.player?.video.paused) announce(t("count-reps", { count }));
    this.announced = count;
  }

  /** @param time seconds @returns the cue to show */
  cueAt(time: number): Cue | null {
    return this.cues.findLast((cue) => cue.atMs / 1000 <= time && time < cue.atMs / 1000 + CUE_S) ?? null;
  }

  /** The definition of the exercise of the last repetition that has begun. @param time seconds */
  definitionAt(time: number) {
    const last = this.session.repetitions.findLast(({ startMs }) => startMs / 1000 <= time);
    const set = this.session.sets.find(({ number }) => number === last?.set) ?? this.session.sets[0];
    const definition = this.exercises.get(set?.exerciseId);
    return definition?.rangeOfMotion ? definition : null;
  }

  /** Loop a repetition, or stop that. */
  loop(key: string) {
    const { player } = this;
    const mark = this.marks.find((each) => each.key === key);
    if (!player || !mark) return;
    player.setLoop(player.loop?.key === key ? null : { key, start: Math.max(0, mark.start - LOOP_MARGIN_S), end: mark.end + LOOP_MARGIN_S });
  }

  /** Keep the time in the URL, so that the link can be shared. @param time seconds */
  remember(time: number) {
    if (this.leaving.signal.aborted) return;
    const hash = new URLSearchParams({ session: this.session.sessionId, ...(time >= 0.05 && { t: time.toFixed(2) }) });
    history.replaceState(history.state, "", `/#${hash}`);
  }

  sections() {
    const { player } = this;
    const film = player
      ? h("div", { class: "film" }, player.element, this.legend(), this.loading, this.belowFilm(player))
      : h("div", { class: "film" }, h("p", { class: "no-film" }, noFilmWords(this.session)), this.loading);
    const rejected = rejectedTable(this.session.rejectedRepetitions, player ? (time) => player.seek(time) : null);
    const strip = repetitionStrip(this.session.repetitions, player ? (key) => this.loop(key) : null, repetitionKey);
    const { advice, tone } = verdict(this.session, this.exercises);
    return [
      advice && h("p", { class: `advice ${tone}` }, advice),
      sessionActions(this.session, this.session.repetitions.length > 0 ? () => this.shareImage() : undefined),
      h("div", { class: "result" },
        this.compared && h("section", { class: "panel compare", "aria-labelledby": "compare-title" }, h("h2", { id: "compare-title" }, this.compared.title), this.compared.element),
        strip && h("section", { class: "panel", "aria-labelledby": "strip-title" }, h("h2", { id: "strip-title" }, t("rep-by-rep")), strip)),
      h("div", { class: "session-top" }, film, summary(this.session, this.exercises)),
      correction(this.session, this.exercises),
      this.curve && this.movement(this.curve),
      h("section", { class: "panel", "aria-labelledby": "reps-title" }, h("h2", { id: "reps-title" }, t("repetitions")), this.table.element),
      rejected && h("section", { class: "panel", "aria-labelledby": "rejected-title" }, h("h2", { id: "rejected-title" }, t("not-counted")), rejected),
    ].filter(isPresent);
  }

  /** Share the result as an image; returns what to announce. */
  async shareImage() {
    const { startedAt, repetitions, sessionId } = this.session;
    const [best] = compared(repetitions);
    const points = best && this.frames?.at(extremeOf(best, this.samples));
    const card = { ...verdict(this.session, this.exercises), startedAt, repetitions, best: points ? { points, aspect: this.session.recording?.aspectRatio || 16 / 9 } : null };
    const { shareCard, sharedWords } = await import("./share-card.ts");
    return sharedWords(await shareCard(card, `kinelog-${sessionId.slice(0, 8)}`));
  }

  legend() {
    return h("ul", { class: "sides" }, h("li", { class: "left" }, t("left-side")), h("li", { class: "right" }, t("right-side")));
  }

  belowFilm(player: Player) {
    const copied = h("span", { role: "status", class: "muted" });
    const share = h("button", { class: "button", type: "button", onclick: async () => {
      this.remember(player.time);
      copied.textContent = await isCopied(location.href) ? t("copied") : t("copy-from-bar");
    } }, icon("link"), t("copy-moment"));
    return h("div", { class: "below-film" }, share, copied, playerKeys(player, this.leaving.signal));
  }

  movement(curve: Curve) {
    const title = curve.inDegrees ? t("joint-angle") : t("movement");
    return h("section", { class: "panel", "aria-labelledby": "curve-title" },
      h("div", { class: "section-head" }, h("h2", { id: "curve-title" }, title), this.samples && phaseLegend(this.samples, this.session.exerciseId)),
      curve.element,
      h("p", { class: "muted curve-note" }, curve.summary(), this.player && ` ${t("drag-to-seek")}`),
      this.samples && curveTable(this.samples, curve.inDegrees, this.session.exerciseId));
  }

  close() {
    this.leaving.abort();
    this.player?.close();
    this.curve?.close();
  }
}
