/**
 * Views of the lesson of a trainer's video: its state, its segments, and what is said about a newer version.
 * @module
 */

import { Problem, type Schemas } from "../api/client.ts";
import { formShape } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { amountOf, targetsOf, timesOf } from "../lesson/segment-words.ts";
import { h } from "../ui/dom.ts";
import type { Segment, SegmentForm } from "./segment-form.ts";

/** What the analysis found, and whether the trainer confirmed it. @param lesson null while it waits for its analysis */
export function lessonState(lesson: Schemas["Lesson"] | null): HTMLElement[] {
  const mark = (kind: string, form: number | null, words: string) => h("p", null, h("span", { class: `form ${kind} studio-state` }, formShape(form), h("span", null, words)));
  if (!lesson || lesson.status === "underway") return [mark("fair", 0.7, t("lesson-underway"))];
  const { problem, problemDetail, segments, confirmed } = lesson;
  if (segments.length === 0) return [mark("none", null, problem ? textOr(`lesson-problem-${problem.replaceAll("_", "-")}`, problemDetail ?? "") : t("lesson-none"))];
  return confirmed ? [mark("good", 1, t("lesson-confirmed"))] : [mark("fair", 0.7, t("lesson-check"))];
}

/** @param callbacks of the buttons, with the form if the segment is corrected now */
export function segmentRow(segment: Segment, name: string, { form, onShow, onEdit }: {form: SegmentForm | null, onShow: () => void, onEdit: () => void}) {
  return h("li", { class: form && "is-chosen", "data-segment": segment.number },
    h("div", { class: "lesson-set" },
      h("b", null, name, " · ", amountOf(segment)),
      h("span", { class: "muted" }, [timesOf(segment), targetsOf(segment), segment.corrected && t("lesson-corrected")].filter(Boolean).join(" · "))),
    !form && h("div", { class: "choices" },
      h("button", { class: "button quiet", type: "button", "aria-label": t("lesson-show-of", { set: name }), onclick: onShow }, t("lesson-show")),
      h("button", { class: "button", type: "button", "aria-label": t("lesson-edit-of", { set: name }), onclick: onEdit }, t("lesson-edit"))),
    form?.element);
}

/** Why a correction of the version before cannot be saved. */
export function newerVersion() {
  return new Problem({ title: t("lesson-newer"), detail: t("lesson-newer-advice"), status: 412 });
}
