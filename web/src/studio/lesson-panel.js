/**
 * Exercises of a trainer's video: the segments that the analysis found, on a timeline and in a list, to correct and confirm,
 * and a workout of them.
 * @module
 */

import "../lesson/lesson-timeline.js";
import { exercises, Problem, request, send } from "../api/client.js";
import { formShape } from "../i18n/format.js";
import { t, textOr } from "../i18n/l10n.js";
import { PoseTrack } from "../lesson/pose-track.js";
import { amountOf, targetsOf, timesOf } from "../lesson/segment-words.js";
import { clearProblem } from "../ui/banner.js";
import { announce, byId, h } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { workoutUrl } from "../workouts/workout-url.js";
import { SegmentForm } from "./segment-form.js";

/** @typedef {import("../api/client.js").Schemas["Lesson"]} Lesson */
/** @typedef {import("./segment-form.js").Segment} Segment */
/** @typedef {import("./segment-form.js").Content} Content */
/** @typedef {{durationMs: number, title: string, number: number}} Shown what of the video is published */
/** @typedef {{positionMs: () => number, seek: (timeMs: number) => Promise<void>}} Film */

/** Pause before a lesson that is being analyzed is read again. */
const REFRESH_MS = 10_000;

/** Length of a new segment, if there is room. */
const NEW_MS = 10_000;

/** The section #lesson-box. */
export class LessonPanel {
  #path;
  #film;
  /** @type {Lesson | null} */
  #lesson = null;
  /** @type {Shown | null} */
  #shown = null;
  /** @type {Map<string, import("./segment-form.js").Exercise>} */
  #exercises = new Map();
  /** Number of the segment in the form; 0 for a new one, null without a form. @type {number | null} */
  #edited = null;
  /** @type {SegmentForm | null} */
  #form = null;
  /** Edges in the form. @type {{startMs: number, endMs: number} | null} */
  #edges = null;
  #timer = 0;
  /** Poses of the version that is shown. @type {PoseTrack | null} */
  track = null;

  /** @param {string} path of the video @param {Film} film */
  constructor(path, film) {
    this.#path = `${path}/lesson`;
    this.#film = film;
    const timeline = byId("lesson-timeline");
    timeline.addEventListener("seek", (/** @type {CustomEvent} */ { detail }) => this.#seek(1000 * detail));
    timeline.addEventListener("choose", (/** @type {CustomEvent} */ { detail }) => this.#edit(detail));
    timeline.addEventListener("move", (/** @type {CustomEvent} */ { detail }) => this.#dragged(detail));
    byId("lesson-add").addEventListener("click", () => this.#edit(0));
    byId("lesson-confirm").addEventListener("click", () => this.#act(() => this.#change("POST", "/confirm", {}), t("lesson-confirmed-now")));
    byId("lesson-workout").addEventListener("click", () => this.#act(() => this.#makeWorkout(), t("lesson-workout-made")));
  }

  /** Show the lesson of what is published; null hides it. @param {Shown | null} shown */
  async show(shown) {
    if (shown?.number === this.#shown?.number) {
      this.#shown = shown;
      return;
    }
    clearTimeout(this.#timer);
    this.#shown = shown;
    this.#lesson = this.track = null;
    this.#close();
    byId("lesson-box").hidden = shown === null;
    if (!shown) return;
    this.#exercises = await exercises();
    await this.#read();
  }

  /** Move the playhead. @param {number} timeS */
  moment(timeS) {
    byId("lesson-timeline").moment(timeS);
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
    byId("lesson-state").replaceChildren(...this.#state());
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
    const mark = (/** @type {string} */ kind, /** @type {number | null} */ form, /** @type {string} */ words) => h("p", null, h("span", { class: `form ${kind} studio-state` }, formShape(form), h("span", null, words)));
    if (!lesson || lesson.status === "underway") return [mark("fair", 0.7, t("lesson-underway"))];
    const { problem, problemDetail, segments, confirmed } = lesson;
    if (segments.length === 0) return [mark("none", null, problem ? textOr(`lesson-problem-${problem.replaceAll("_", "-")}`, problemDetail ?? "") : t("lesson-none"))];
    return confirmed ? [mark("good", 1, t("lesson-confirmed"))] : [mark("fair", 0.7, t("lesson-check"))];
  }

  /** @param {Segment} segment */
  #row(segment) {
    const { number, corrected, startMs } = segment;
    const name = this.#nameOf(segment);
    const isEdited = this.#edited === number;
    return h("li", { class: isEdited && "is-chosen", "data-segment": number },
      h("div", { class: "lesson-set" },
        h("b", null, name, " · ", amountOf(segment)),
        h("span", { class: "muted" }, [timesOf(segment), targetsOf(segment), corrected && t("lesson-corrected")].filter(Boolean).join(" · "))),
      !isEdited && h("div", { class: "choices" },
        h("button", { class: "button quiet", type: "button", "aria-label": t("lesson-show-of", { set: name }), onclick: () => this.#seek(startMs) }, t("lesson-show")),
        h("button", { class: "button", type: "button", "aria-label": t("lesson-edit-of", { set: name }), onclick: () => this.#edit(number) }, t("lesson-edit"))),
      isEdited && this.#form?.element);
  }

  /** @param {{exerciseId: string}} segment */
  #nameOf({ exerciseId }) {
    return this.#exercises.get(exerciseId)?.name ?? exerciseId;
  }

  /** Show the segments on the timeline, with the edges in the form. */
  #mark() {
    const { segments = [] } = this.#lesson ?? {};
    const bars = segments.map((each) => ({ number: each.number, name: this.#nameOf(each), startMs: each.startMs, endMs: each.endMs, ...(each.number === this.#edited && this.#edges) }));
    if (this.#edited === 0 && this.#edges) bars.push({ number: 0, name: t("lesson-new-set"), ...this.#edges });
    byId("lesson-timeline").show(bars, this.#shown?.durationMs ?? 1, this.#edited);
  }

  /** Open the form for a segment, 0 for a new one. @param {number} number */
  #edit(number) {
    const found = this.#lesson?.segments.find((each) => each.number === number);
    const content = found ?? this.#empty();
    this.#edited = number;
    this.#edges = { startMs: content.startMs, endMs: content.endMs };
    this.#form = new SegmentForm(content, this.#exercises, {
      now: () => this.#film.positionMs(),
      onMove: (edges, movedMs) => { this.#edges = edges; this.#mark(); this.#seek(movedMs); },
      onSave: (written) => this.#save(number, written),
      onCancel: () => { this.#close(); this.#render(); this.#focusOn(number); },
      onRemove: found ? () => this.#act(() => this.#remove(found), t("lesson-removed")) : null,
    });
    this.#render();
    this.#form.focus();
    this.#seek(content.startMs);
  }

  /** A segment of a few seconds at the position of the video, or after it, where there is none. @returns {Content} */
  #empty() {
    const { segments = [] } = this.#lesson ?? {};
    const end = this.#shown?.durationMs ?? NEW_MS;
    let startMs = this.#film.positionMs();
    for (const each of segments) if (each.startMs <= startMs && startMs < each.endMs) startMs = each.endMs;
    const next = Math.min(end, ...segments.map((each) => each.startMs).filter((each) => each > startMs));
    const { exerciseId } = segments.findLast((each) => each.startMs < startMs) ?? segments[0] ?? { exerciseId: [...this.#exercises.keys()][0] };
    return { exerciseId, startMs, endMs: Math.min(startMs + NEW_MS, next), repetitions: null, heldS: null, tempo: null, rangeOfMotionDeg: null, rangeSpreadDeg: null };
  }

  /** @param {{startMs: number, endMs: number}} edges */
  #dragged(edges) {
    if (edges.startMs >= edges.endMs) return;
    const moved = edges.startMs === this.#edges?.startMs ? edges.endMs : edges.startMs;
    this.#edges = edges;
    this.#form?.move(edges);
    this.#mark();
    this.#seek(moved);
  }

  /** @param {number} timeMs */
  #seek(timeMs) {
    this.moment(timeMs / 1000);
    this.#film.seek(timeMs).catch(showError);
  }

  #close() {
    this.#edited = this.#form = this.#edges = null;
  }

  /** Focus the button of a segment, or the one for a new segment. @param {number} number */
  #focusOn(number) {
    (byId("lesson-list").querySelector(`[data-segment="${number}"] .button:not(.quiet)`) ?? byId("lesson-add")).focus();
  }

  /** @param {number} number @param {Content} content */
  async #save(number, content) {
    await this.#change(number === 0 ? "POST" : "PUT", "/segments", { ...content, ...(number !== 0 && { segment: number }) });
    announce(t("lesson-saved"));
    this.#focusOn(number || (this.#lesson?.segments.find((each) => each.startMs === content.startMs)?.number ?? 0));
  }

  /** @param {Segment} segment */
  async #remove(segment) {
    await this.#change("POST", "/segments/remove", { segment: segment.number });
    const { number: _, corrected: __, ...content } = segment;
    const undo = h("button", { class: "button", type: "button", onclick: () => this.#act(() => this.#change("POST", "/segments", content), t("lesson-saved")) }, t("lesson-undo"));
    byId("lesson-state").append(h("p", { class: "lesson-actions" }, h("span", null, t("lesson-removed")), undo));
    undo.focus();
  }

  async #makeWorkout() {
    await this.#change("POST", "/workout", { name: this.#shown?.title ?? "" });
    byId("lesson-workouts").querySelector("li:last-child a")?.focus();
  }

  /** Send a change of the lesson as it was read, and read it again. @param {string} method @param {string} path @param {object} body */
  async #change(method, path, body) {
    try {
      await send(method, `${this.#path}${path}`, { revision: this.#lesson?.revision, ...body });
    } catch (error) {
      if (error instanceof Problem && error.code === "lesson.changed") await this.#read(); // the form keeps what was typed
      throw error;
    }
    this.#close();
    await this.#read();
  }

  /** @param {() => Promise<void>} act @param {string} said */
  #act(act, said) {
    clearProblem();
    act().then(() => announce(said), showError);
  }
}
