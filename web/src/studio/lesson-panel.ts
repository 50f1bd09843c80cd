/**
 * Exercises of a trainer's video: the segments that the analysis found, on a timeline and in a list, to correct and confirm,
 * and a workout of them.
 * @module
 */

import "../lesson/lesson-timeline.ts";
import { exercises, Problem, request, send, type Schemas } from "../api/client.ts";
import type { BodyOf } from "../api/operations.ts";
import { RetryKey } from "../api/retry-key.ts";
import { t } from "../i18n/l10n.ts";
import { PoseTrack } from "../lesson/pose-track.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, h, onDetail } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";
import { isUnsaved, replaceWork, workIsSaved } from "../ui/unsaved-work.ts";
import { workoutUrl } from "../workouts/workout-url.ts";
import { lessonState, newerVersion, segmentRow } from "./lesson-views.ts";
import { emptySegment } from "./new-segment.ts";
import { Polling } from "./polling.ts";
import { SegmentForm, type Content, type Exercise, type Segment } from "./segment-form.ts";

type Lesson = Schemas["Lesson"];
type LessonUrl<Change extends string> = `/v1/content/${string}/lesson${Change}`;
/** what of the video is published */
type Shown = {durationMs: number, title: string, number: number};
type Player = {positionMs: () => number, seek: (timeMs: number) => Promise<void>, refresh: () => Promise<unknown>};

/** Pause before a lesson that is being analyzed is read again. */
const REFRESH_MS = 10_000;

/** The section #lesson-box. */
export class LessonPanel {
  #path;
  #player;
  #lesson: Lesson | null = null;
  #shown: Shown | null = null;
  /** What was published after a correction was typed; it is shown when that is closed. */
  #newer: Shown | null = null;
  #exercises: Map<string, Exercise> = new Map();
  /** Number of the segment in the form; 0 for a new one, null without a form. */
  #edited: number | null = null;
  #form: SegmentForm | null = null;
  /** Edges in the form. */
  #edges: {startMs: number, endMs: number} | null = null;
  /** The line that undoes the latest removal, until the lesson is changed again. */
  #removal: HTMLElement | null = null;
  #workoutKey = new RetryKey();
  #polling = new Polling(() => this.#read(), REFRESH_MS);
  /** Poses of the version that is shown. */
  track: PoseTrack | null = null;

  /** @param path of the video */
  constructor(path: `/v1/content/${string}`, player: Player) {
    this.#path = `${path}/lesson` as const;
    this.#player = player;
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
    if (shown && this.#form && isUnsaved(this.#form.element)) {
      if (shown.number !== this.#newer?.number) this.#sayNewer();
      this.#newer = shown;
      return;
    }
    this.#polling.stop();
    this.#shown = shown;
    this.#newer = null;
    this.#lesson = this.track = this.#removal = null;
    this.#close();
    byId("lesson-box").hidden = shown === null;
    if (!shown) return;
    this.#exercises = await exercises();
    await this.#read();
  }

  /** Say that the open correction is of the version before, beside a button that discards it. */
  #sayNewer() {
    showError(newerVersion(), { kept: t("typed-is-kept"), action: t("discard-changes"), onAction: () => { this.#close(); this.#render(); } });
  }

  /** Move the playhead. */
  moment(timeS: number) {
    byId<"lesson-timeline">("lesson-timeline").moment(timeS);
  }

  async #read() {
    const number = this.#shown?.number;
    const lesson = await request(this.#path).catch((error) => {
      if (error instanceof Problem && error.code === "lesson.unknown") return null; // it waits for its analysis
      throw error;
    });
    if (number !== this.#shown?.number || this.#newer) return;
    this.#polling.stop();
    const isOther = lesson !== null && lesson.number !== number;
    if (!lesson || isOther || lesson.status === "underway") this.#polling.start();
    if (isOther) { await this.#player.refresh(); return; } // which shows the version that is published now
    this.#lesson = lesson;
    if (this.#edited && !lesson?.segments.some((each) => each.number === this.#edited)) {
      this.#edited = 0;
      this.#form?.becomeNew();
    }
    if (lesson && lesson.status !== "underway") this.track ??= new PoseTrack(lesson.poseUrls, lesson.pieceS);
    this.#render();
  }

  #render() {
    const { segments = [], workouts = [], confirmed = false, status = "underway" } = this.#lesson ?? {};
    const isUnderway = status === "underway";
    const { activeElement } = document;
    const focused = this.#form?.element.contains(activeElement) ? activeElement as HTMLElement : null;
    byId("lesson-state").replaceChildren(...lessonState(this.#lesson), ...(this.#removal ? [this.#removal] : []));
    byId("lesson-timeline").hidden = isUnderway;
    byId("lesson-actions").hidden = isUnderway;
    byId("lesson-confirm").hidden = confirmed || segments.length === 0;
    if (byId("lesson-confirm").hidden && activeElement === byId("lesson-confirm")) byId("lesson-title").focus();
    byId("lesson-workout").hidden = segments.length === 0;
    byId("lesson-workouts").replaceChildren(...workouts.map((each, index) => h("li", null, h("a", { href: workoutUrl(each) }, workouts.length === 1 ? t("lesson-open-workout") : t("lesson-open-workout-of", { number: index + 1 })))));
    byId("lesson-workouts").hidden = workouts.length === 0;
    byId("lesson-list").replaceChildren(...segments.map((each) => segmentRow(each, this.#nameOf(each), {
      form: this.#edited === each.number ? this.#form : null,
      onShow: () => this.#seek(each.startMs),
      onEdit: () => this.#closeThen(() => this.#edit(each.number)),
    })), ...(this.#edited === 0 && this.#form ? [h("li", { class: "is-chosen" }, h("b", null, t("lesson-new-set")), this.#form.element)] : []));
    focused?.focus({ preventScroll: true }); // the form was moved
    this.#mark();
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
    const content = found ?? emptySegment(this.#lesson?.segments ?? [], this.#player.positionMs(), this.#shown?.durationMs ?? 0, this.#exercises);
    this.#edited = number;
    this.#edges = { startMs: content.startMs, endMs: content.endMs };
    this.#form = new SegmentForm(content, this.#exercises, {
      now: () => this.#player.positionMs(),
      onMove: (edges, movedMs) => { this.#edges = edges; this.#mark(); this.#seek(movedMs); },
      onSave: (written) => this.#save(written),
      onCancel: () => { clearProblem(); this.#close(); this.#render(); this.#focusOn(number); },
      onRemove: found ? () => this.#remove(found) : null,
    });
    this.#render();
    this.#form.focus();
    this.#seek(content.startMs);
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
    this.#player.seek(timeMs).catch(showError);
  }

  #close() {
    if (this.#form) workIsSaved(this.#form.element);
    this.#edited = this.#form = this.#edges = null;
    if (this.#newer) this.show(this.#newer).then(() => this.#focusOn(0)).catch(showError);
  }

  /** Close the form, then act: at once, or, if the form has changes, when the trainer agrees to discard them. */
  #closeThen(act: () => void) {
    if (!this.#form) { act(); return; }
    if (this.#newer) this.#sayNewer();
    else replaceWork(this.#form.element, () => { this.#close(); this.#render(); act(); });
  }

  /** Focus the button of a segment, or the one for a new segment. */
  #focusOn(number: number) {
    (byId("lesson-list").querySelector<HTMLElement>(`[data-segment="${number}"] .button:not(.quiet)`) ?? byId<"button">("lesson-add")).focus();
  }

  async #save(content: Content) {
    const [form, number] = [this.#form, this.#edited ?? 0];
    await this.#change(number === 0 ? "POST" : "PUT", "/segments", { ...content, ...(number !== 0 && { segment: number }) });
    announce(t("lesson-saved"));
    const saved = number || (this.#lesson?.segments.find((each) => each.startMs === content.startMs)?.number ?? 0);
    if (!this.#form) this.#focusOn(saved);
    else if (this.#form === form) { this.#edited = saved; this.#render(); }
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

  /** Send a change of the lesson as it was read, and read it again. The form is closed; one that is opened or typed into meanwhile stays. */
  async #change<Method extends "POST" | "PUT", Change extends `/${string}`>(method: Method, change: Change, body: Omit<BodyOf<Method, LessonUrl<Change>>, "number" | "revision">, key = new RetryKey()) {
    const form = this.#form;
    const whole = { number: this.#lesson?.number, revision: this.#lesson?.revision, ...body };
    try {
      if (this.#newer) throw newerVersion();
      await send(method, `${this.#path}${change}`, whole as BodyOf<Method, LessonUrl<Change>>, key.headers(whole));
    } catch (error) {
      if (error instanceof Problem && error.code === "lesson.changed") await this.#read(); // the form keeps what was typed
      throw this.#newer ? newerVersion() : error;
    }
    this.#removal = null;
    await this.#read().finally(() => { if (form && this.#form === form && !form.isTypedSinceSent) { this.#close(); this.#render(); } });
  }

  /** Close the form, then run the action of a button. */
  #act(button: HTMLElement, act: () => Promise<void>, said: string) {
    this.#closeThen(() => void once(button, async () => { await act(); announce(said); }));
  }
}
