/**
 * Row of the list of sets: what to do, what was done, and a button to train the set next.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";
import { amountOf, targetsOf, timesOf, type Segment } from "./segment-words.ts";

/** `done` are repetitions or seconds, undefined before the set was trained. */
export function setRow(segment: Segment, { name, done, isChosen, onChoose }: {name: string, done: number | undefined, isChosen: boolean, onChoose: () => void}) {
  const target = segment.repetitions ?? Math.round(segment.heldS ?? 0);
  return h("li", { class: isChosen && "is-chosen", "aria-current": isChosen && "step", "data-segment": segment.number },
    h("div", { class: "lesson-set" }, h("b", null, name, " · ", amountOf(segment)), h("span", { class: "muted" }, [timesOf(segment), targetsOf(segment)].filter(Boolean).join(" · ")),
      done !== undefined && h("span", null, t(segment.repetitions === null ? "lesson-held-for" : "lesson-done-of", { amount: done, target }))),
    !isChosen && h("div", { class: "choices" }, h("button", { class: "button", type: "button", "aria-label": t("lesson-choose-of", { set: name }), onclick: onChoose }, t("lesson-choose"))));
}
