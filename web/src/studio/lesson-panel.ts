/**
 * Exercises of a trainer's video: the segments that the analysis found, on a timeline and in a list, to correct and confirm,
 * and a workout of them.
 * @module
 */

import "../lesson/lesson-timeline.ts";
import { exercises, Problem, request, send, type Schemas } from "../api/client.ts";
import type { BodyOf } from "../api/operations.ts";
import { RetryKey } from "../api/retry-key.ts";
import { formShape } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { PoseTrack } from "../lesson/pose-track.ts";
import { amountOf, targetsOf, timesOf } from "../lesson/segment-words.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, h, onDetail } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";
import { replaceWork, workIsSaved } from "../ui/unsaved-work.ts";
import { workoutUrl } from "../workouts/workout-url.ts";
import { roomFor } from "./new-segment.ts";
import { SegmentForm, type Content, type Exercise, type Segment } from "./segment-form.ts";

type Lesson = Schemas["Lesson"];
type LessonUrl<Change extends string> = `/v1/content/${string}/lesson${Change}`;
/** what of the video is published */
type Shown = {durationMs: number, title: string, number: number};
type Film = {positionMs: () => number, seek: (timeMs: number) => Promise<void>};

/** Pause before a lesson that is being analyzed is read again. */
const REFRESH_MS = 10_000;

/** The section #lesson-box. */
export class LessonPanel {
  #path;
  #film;
  #lesson: Lesson | null = null;
  #shown: Shown | null = null;
  #exercises: Map<string, Exercise> = new Map();
  /** Number of the segment in the form; 0 for a new one, null without a form. */
  #edited: number | null = null;
  #form: SegmentForm | null = null;
  /** Edges in the form. */
  #edges: {startMs: number, endMs: number} | null = null;
  /** The line that undoes the latest removal, until the lesson is changed again. */
  #removal: HTMLElement | null = null;
  #workoutKey = new RetryKey();
  #timer = 0;
  /** Poses of the version that is shown. */
  track: PoseTrack | null = null;

  /** @param path of the video */
  constructor(path: `/v1/content/${string}`, film: Film) {
    this.#path = `${path}/lesson` as const;
    this.#film = film;
    const timeline = byId<"lesson-timeline">("lesson-timeline");
    onDetail(timeline, "seek", (detail: number) => this.#seek(1000 * detail));
    onDetail(timeline, "choose", (detail: number) => this.#closeThen(() => this.#edit(detail)));
    onDetail(timeline, "move", (detail: {startMs: number, endMs: number}) => this.#dragged(detail));
    byId("lesson-add").addEventListener("click", () => this.#closeThen(() => this.#edit(0)));
    byId("lesson-confirm").addEventListener("click", () => this.#act(byId("lesson-confirm"), () => this.#change("POST", "/confirm", {}), t("lesson-confirmed-now")));
    byId("lesson-workout").addEventListener("click", () => this.#act(byId("lesson-workout"), () => this.#makeWorkout(), t("lesson-workout-made")));
  }

  /** Show the lesson of what is published; null hides it. */
  async show(shown: Shown | null) {
    if (shown?.number === this.#shown?.number) {
      this.#shown = shown;
      return;
    }
    clearTimeout(this.#timer);
    this.#shown = shown;
    this.#lesson = this.track = this.#removal = null;
    this.#close();
    byId("lesson-box").hidden = shown === null;
    if (!shown) return;
    this.#exercises = await exercises();
    await this.#read();
  }

  /** Move the playhead. */
  moment(timeS: number) {
    byId<"lesson-timeline">("lesson-timeline").moment(timeS);
  }

  async #read() {
    const shown = this.#shown;
    const lesson = await request(this.#path).catch((error) => {
      if (error instanceof Problem && error.code === "lesson.unknown") return null; // it waits for its analysis
      throw error;
    });
    if (shown !== this.#shown) return;
    this.#lesson = lesson;
    if (!lesson || lesson.status === "underway") this.#timer = setTimeout(() => { this.#read().catch(showError); }, REFRESH_MS);
    else this.track ??= new PoseTrack(lesson.poseUrls, lesson.pieceS);
    this.#render();
  }

  #render() {
    const { segments = [], workouts = [], confirmed = false, status = "underway" } = this.#lesson ?? {};
    const isUnderway = status === "underway";
    byId("lesson-state").replaceChildren(...this.#state(), ...(this.#removal ? [this.#removal] : []));
    byId("lesson-timeline").hidden = isUnderway;
    byId("lesson-actions").hidden = isUnderway;
    byId("lesson-confirm").hidden = confirmed || segments.length === 0;
    byId("lesson-workout").hidden = segments.length === 0;
    byId("lesson-workouts").replaceChildren(...workouts.map((each, index) => h("li", null, h("a", { href: workoutUrl(each) }, workouts.length === 1 ? t("lesson-open-workout") : t("lesson-open-workout-of", { number: index + 1 })))));
    byId("lesson-workouts").hidden = workouts.length === 0;
    byId("lesson-list").replaceChildren(...segments.map((each) => this.#row(each)), ...(this.#edited === 0 && this.#form ? [h("li", { class: "is-chosen" }, h("b", null, t("lesson-new-set")), this.#form.element)] : []));
    this.#mark();
  }

  #state() {
    const lesson = this.#lesson;
    const mark = (kind: string, form: number | null, words: string) => h("p", null, h("span", { class: `form ${kind} studio-state` }, formShape(form), h("span", null, words)));
    if (!lesson || lesson.status === "underway") return [mark("fair", 0.7, t("lesson-underway"))];
    const { problem, problemDetail, segments, confirmed } = lesson;
    if (segments.length === 0) return [mark("none", null, problem ? textOr(`lesson-problem-${problem.replaceAll("_", "-")}`, problemDetail ?? "") : t("lesson-none"))];
    return confirmed ? [mark("good", 1, t("lesson-confirmed"))] : [mark("fair", 0.7, t("lesson-check"))];
  }

  #row(segment: Segment) {
    const { number, corrected, startMs } = segment;
    const name = this.#nameOf(segment);
    const isEdited = this.#edited === number;
    return h("li", { class: isEdited && "is-chosen", "data-segment": number },
      h("div", { class: "lesson-set" },
        h("b", null, name, " · ", amountOf(segment)),
        h("span", { class: "muted" }, [timesOf(segment), targetsOf(segment), corrected && t("lesson-corrected")].filter(Boolean).join(" · "))),
      !isEdited && h("div", { class: "choices" },
        h("button", { class: "button quiet", type: "button", "aria-label": t("lesson-show-of", { set: name }), onclick: () => this.#seek(startMs) }, t("lesson-show")),
        h("button", { class: "button", type: "button", "aria-label": t("lesson-edit-of", { set: name }), onclick: () => this.#closeThen(() => this.#edit(number)) }, t("lesson-edit"))),
      isEdited && this.#form?.element);
  }

  #nameOf({ exerciseId }: {exerciseId: string}) {
    return this.#exercises.get(exerciseId)?.name ?? exerciseId;
  }

  /** Show the segments on the timeline, with the edges in the form. */
  #mark() {
    const { segments = [] } = this.#lesson ?? {};
    const bars = segments.map((each) => ({ number: each.number, name: this.#nameOf(each), startMs: each.startMs, endMs: each.endMs, ...(each.number === this.#edited && this.#edges) }));
    if (this.#edited === 0 && this.#edges) bars.push({ number: 0, name: t("lesson-new-set"), ...this.#edges });
    byId<"lesson-timeline">("lesson-timeline").show(bars, this.#shown?.durationMs ?? 1, this.#edited);
  }

  /** Open the form for a segment, 0 for a new one. */
  #edit(number: number) {
    const found = this.#lesson?.segments.find((each) => each.number === number);
    const content = found ?? this.#empty();
    this.#edited = number;
    this.#edges = { startMs: content.startMs, endMs: content.endMs };
    this.#form = new SegmentForm(content, this.#exercises, {
      now: () => this.#film.positionMs(),
      onMove: (edges, movedMs) => { this.#edges = edges; this.#mark(); this.#seek(movedMs); },
      onSave: (written) => this.#save(number, written),
      onCancel: () => { clearProblem(); this.#close(); this.#render(); this.#focusOn(number); },
      onRemove: found ? () => this.#remove(found) : null,
    });
    this.#render();
    this.#form.focus();
    this.#seek(content.startMs);
  }

  /** A new segment of a few seconds, where there is room. */
  #empty(): Content {
    const { segments = [] } = this.#lesson ?? {};
    const durationMs = this.#shown?.durationMs ?? 0;
    const positionMs = Math.min(this.#film.positionMs(), durationMs);
    const { startMs, endMs } = roomFor(segments, positionMs, durationMs) ?? { startMs: positionMs, endMs: durationMs };
    const { exerciseId } = segments.findLast((each) => each.startMs < startMs) ?? segments[0] ?? { exerciseId: [...this.#exercises.keys()][0] };
    return { exerciseId, startMs, endMs, repetitions: null, heldS: null, tempo: null, rangeOfMotionDeg: null, rangeSpreadDeg: null };
  }

  #dragged(edges: {startMs: number, endMs: number}) {
    if (edges.startMs >= edges.endMs) return;
    const moved = edges.startMs === this.#edges?.startMs ? edges.endMs : edges.startMs;
    this.#edges = edges;
    this.#form?.move(edges);
    this.#mark();
    this.#seek(moved);
  }

  #seek(timeMs: number) {
    this.moment(timeMs / 1000);
    this.#film.seek(timeMs).catch(showError);
  }

  #close() {
    if (this.#form) workIsSaved(this.#form.element);
    this.#edited = this.#form = this.#edges = null;
  }

  /** Close the form, then act: at once, or, if the form has changes, when the trainer agrees to discard them. */
  #closeThen(act: () => void) {
    if (!this.#form) { act(); return; }
    replaceWork(this.#form.element, () => { this.#close(); this.#render(); act(); });
  }

  /** Focus the button of a segment, or the one for a new segment. */
  #focusOn(number: number) {
    (byId("lesson-list").querySelector<HTMLElement>(`[data-segment="${number}"] .button:not(.quiet)`) ?? byId<"button">("lesson-add")).focus();
  }

  async #save(number: number, content: Content) {
    await this.#change(number === 0 ? "POST" : "PUT", "/segments", { ...content, ...(number !== 0 && { segment: number }) });
    announce(t("lesson-saved"));
    this.#focusOn(number || (this.#lesson?.segments.find((each) => each.startMs === content.startMs)?.number ?? 0));
  }

  async #remove(segment: Segment) {
    await this.#change("POST", "/segments/remove", { segment: segment.number });
    const { number: _, corrected: __, ...content } = segment;
    const undo = h("button", { class: "button", type: "button", onclick: () => this.#act(undo, () => this.#change("POST", "/segments", content), t("lesson-saved")) }, t("lesson-undo"));
    this.#removal = h("p", { class: "lesson-actions" }, h("span", null, t("lesson-removed")), undo);
    byId("lesson-state").append(this.#removal);
    undo.focus();
    announce(t("lesson-removed"));
  }

  async #makeWorkout() {
    await this.#change("POST", "/workout", { name: this.#shown?.title ?? "" }, this.#workoutKey);
    this.#workoutKey = new RetryKey(); // another workout can be made of it
    byId("lesson-workouts").querySelector<HTMLElement>("li:last-child a")?.focus();
  }

  /** Send a change of the lesson as it was read, and read it again. A form that was open is closed; one that is opened meanwhile stays. */
  async #change<Method extends "POST" | "PUT", Change extends `/${string}`>(method: Method, change: Change, body: Omit<BodyOf<Method, LessonUrl<Change>>, "revision">, key = new RetryKey()) {
    const form = this.#form;
    const whole = { revision: this.#lesson?.revision, ...body };
    try {
      await send(method, `${this.#path}${change}`, whole as BodyOf<Method, LessonUrl<Change>>, key.headers(whole));
    } catch (error) {
      if (error instanceof Problem && error.code === "lesson.changed") await this.#read(); // the form keeps what was typed
      throw error;
    }
    if (this.#form === form) this.#close();
    this.#removal = null;
    await this.#read();
  }

  /** Close the form, then run the action of a button. */
  #act(button: HTMLElement, act: () => Promise<void>, said: string) {
    this.#closeThen(() => void once(button, async () => { await act(); announce(said); }));
  }
}
