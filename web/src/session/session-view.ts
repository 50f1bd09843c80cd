/**
 * Session view: player, angle chart, repetitions and performance.
 * @module
 */

import * as api from "../api/client.ts";
import { Curve, phaseLegend, type Mark } from "./angle-chart.ts";
import { curveTable } from "./angle-table.ts";
import { h, isPresent } from "../ui/dom.ts";
import { phaseName } from "../i18n/phases.ts";
import { day, isolated, length, moment } from "../i18n/format.ts";
import { bestAndWorst, compared } from "./best-and-worst.ts";
import { exerciseNames, exercisesOf } from "./exercise-names.ts";
import { isDefined, type ListedExercise } from "./exercise-definitions.ts";
import { correction } from "./exercise-correction.ts";
import { loadSession } from "./load-session.ts";
import { repetitionStrip } from "./repetition-strip.ts";
import { sessionActions } from "./session-actions.ts";
import { setRatings } from "./set-ratings.ts";
import { verdict } from "./verdict.ts";
import { watchLive } from "./watch-live.ts";
import { extremeOf } from "./worst-moment.ts";
import { Frames } from "./pose-frames.ts";
import { SessionPlayer } from "./session-player.ts";
import { rejectedTable, RepetitionTable, repetitionKey, type Rep } from "./repetition-table.ts";
import { summary } from "./performance-summary.ts";
import { t } from "../i18n/l10n.ts";

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
  const { session, samples, exercises } = await loadSession(id, leaving.signal).catch((error: unknown) => {
    place.replaceChildren();
    throw error;
  });
  const when = moment(session.startedAt).textContent;
  const name = exerciseNames({ ...session, exercises: exercisesOf(session.sets) }, exercises) ?? t("session");
  const recorded = isolated(session.recording?.name ?? "");
  head({ title: name, heading: verdict(session, exercises).headline, subtitle: `${recorded && recorded !== name ? `${recorded} · ` : ""}${name} · ${when} · ${length(session.durationMs)}`, back: true });
  const view = new SessionView(session, exercises, samples, leaving, at);
  place.replaceChildren(...view.sections());
  if (at) void view.player?.seek(at);
  return view;
}

/** Why a session has no player. */
function noPlayerWords({ recording, countedBy }: Shown) {
  if (recording?.mediaRemovedAt) return t("recording-not-kept", { date: day(recording.mediaRemovedAt) });
  if (recording) return t("problem-replay-no-frames");
  if (countedBy?.source === "MANUAL") return t("no-video-by-hand");
  return t("no-movement-kept");
}

/** A session on the page; all parts follow the time of the player. */
export class SessionView {
  session: Shown;
  samples: api.Samples | null;
  leaving: AbortController;
  loading: HTMLElement;
  exercises: Map<string, ListedExercise>;
  marks: { start: number; end: number; label: string; form: number | null; key: string }[];
  frames: Frames | null;
  compared: { title: string; element: HTMLElement; draw: () => void } | null;
  player: SessionPlayer | null;
  curve: Curve | null;
  table: RepetitionTable;
  /** Whether the player has left the time in the URL, in seconds. */
  hasMoved = false;
  at: number;

  /** @param exercises with the definitions of those of the session @param leaving aborted when the view is closed @param at time in the URL, in seconds */
  constructor(session: Shown, exercises: Map<string, ListedExercise>, samples: api.Samples | null, leaving: AbortController, at: number) {
    this.session = session;
    this.samples = samples;
    this.leaving = leaving;
    this.loading = h("p", { class: "muted loading", "aria-live": "off" });
    this.exercises = exercises;
    this.at = at;
    this.marks = session.repetitions.map((rep) => ({
      start: rep.startMs / 1000, end: rep.endMs / 1000, label: String(rep.place), form: rep.form, key: repetitionKey(rep),
    }));
    const kept = api.keptRecording(session.recording);
    this.frames = kept ? new Frames(session.sessionId, kept.frameCount) : null;
    const recording = this.frames && { samples, frames: this.frames, aspect: session.recording?.aspectRatio || 16 / 9 };
    this.compared = recording && bestAndWorst(session.repetitions, recording);
    this.player = session.recording?.frameCount ? this.openPlayer(session.recording.aspectRatio || 16 / 9) : null;
    if (this.frames) void this.loadFrames(this.frames);
    const { player } = this;
    const wiring = player && { onSeek: (time: number) => void player.seek(time), onMark: (mark: Mark) => this.loop(mark.key), onFocus: () => void player.open() };
    const drawable = samples || this.marks.some((mark) => mark.end > 0);
    this.curve = drawable ? new Curve({ samples, marks: this.marks, duration: this.duration() }, wiring) : null;
    this.table = new RepetitionTable(session, exercises, player ? (key) => this.loop(key) : null, recording);
    this.loading.textContent = this.frames ? t("loading-skeleton") : "";
  }

  duration() {
    const last = Math.max(0, ...this.marks.map((mark) => mark.end), this.samples?.timeS.at(-1) ?? 0);
    return Math.max(last, (this.session.durationMs || 0) / 1000);
  }

  /** @param aspect width / height */
  openPlayer(aspect: number) {
    return new SessionPlayer({
      session: this.session.sessionId, aspect,
      address: (time) => this.address(time),
      definitionOf: (exercise) => this.definitionOf(exercise),
      reading: (time) => this.reading(time),
      onTime: (time) => {
        this.curve?.setTime(time);
        this.table.setTime(time);
      },
      onLoop: (looped) => {
        const key = looped && repetitionKey({ set: looped.set, number: looped.numberInSet });
        this.curve?.setLooped(key);
        this.table.setLooped(key);
      },
    });
  }

  /** Load the poses, for the figures. */
  async loadFrames(frames: Frames) {
    try {
      await frames.load(this.leaving.signal, () => {
        this.loading.textContent = frames.share < 1 ? t("loading-skeleton-share", { share: Math.round(frames.share * 100) }) : "";
        this.compared?.draw();
        const first = frames.poses.find((pose) => pose !== null);
        if (first) this.player?.draw(first);
      });
      this.table.drawStills();
    } catch (error) {
      if (this.leaving.signal.aborted) return;
      if (!(error instanceof api.Problem)) throw error;
      this.loading.textContent = t("skeleton-not-loaded", { reason: error.message });
    }
  }

  /** The phase at a time, with the angle. @param time seconds */
  reading(time: number) {
    const sample = this.curve?.sample(time);
    if (!sample) return "";
    return `${sample.angle === null ? "" : `${Math.round(sample.angle)}° · `}${phaseName(this.session.exerciseId, sample.phase)}`;
  }

  /** The definition of an exercise, if it says what is marked on the body. */
  definitionOf(exercise: string | null) {
    const definition = this.exercises.get(exercise ?? this.session.exerciseId ?? "");
    return isDefined(definition) ? definition : null;
  }

  /** Loop a repetition, or stop that. */
  loop(key: string) {
    const rep = this.session.repetitions.find((each) => repetitionKey(each) === key);
    if (rep) void this.player?.perform(rep.set, rep.number);
  }

  /** Show a moment in the player. @param time seconds */
  show(time: number) {
    void this.player?.seek(time);
    this.player?.element.scrollIntoView({ block: "nearest" });
  }

  /** The URL of a time, so that the link can be shared; that of the page until the player moves. @param time seconds */
  address(time: number) {
    this.hasMoved ||= Math.abs(time - this.at) >= 0.05;
    return this.hasMoved ? `/#${new URLSearchParams({ session: this.session.sessionId, ...(time >= 0.05 && { t: time.toFixed(2) }) })}` : location.href;
  }

  sections() {
    const { player } = this;
    const video = h("div", { class: "session-video" }, player?.element ?? h("p", { class: "no-video" }, noPlayerWords(this.session)), this.videoNote(), this.loading);
    const rejected = rejectedTable(this.session.rejectedRepetitions, player ? (time) => this.show(time) : null);
    const strip = repetitionStrip(this.session.repetitions, player ? (key) => this.loop(key) : null, repetitionKey);
    const { advice, tone } = verdict(this.session, this.exercises);
    return [
      advice && h("p", { class: `advice ${tone}` }, advice),
      sessionActions(this.session, {
        onShareImage: this.session.repetitions.length > 0 ? () => this.shareImage() : undefined,
        onMoment: (time) => this.show(time),
      }),
      watchLive(this.session, this.leaving.signal),
      h("div", { class: "result" },
        this.compared && h("section", { class: "panel compare", "aria-labelledby": "compare-title" }, h("h2", { id: "compare-title" }, this.compared.title), this.compared.element),
        strip && h("section", { class: "panel", "aria-labelledby": "strip-title" }, h("h2", { id: "strip-title" }, t("rep-by-rep")), strip)),
      h("div", { class: "session-top" }, video, summary(this.session, this.exercises)),
      correction(this.session, this.exercises),
      this.curve && this.movement(this.curve),
      h("section", { class: "panel", "aria-labelledby": "reps-title" }, h("h2", { id: "reps-title" }, t("repetitions")), this.table.element),
      setRatings(this.session, (set) => this.table.setName(set)),
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

  /** Why there is no video, though the movement was recorded. */
  videoNote() {
    const { recording } = this.session;
    return this.player && recording?.videoStatus === "NONE" && h("p", { class: "muted video-note" }, t("no-video-kept"));
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
