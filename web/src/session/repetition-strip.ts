/**
 * Repetition strip: one bar per repetition, as high as its range of motion, colored by its form.
 * @module
 */

import { h } from "../ui/dom.ts";
import { formBadge, formClass, formShape, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { PlacedRepetition } from "../api/client.ts";

/** Height of a bar whose range of motion was not measured, and of the lowest one. */
const UNKNOWN = 0.7;
const LOWEST = 0.25;

/** Class of a bar: a repetition with a fault is fair at best, however good its form is otherwise. */
export function barClass({ form, faults }: {form: number | null, faults: string[]}) {
  const rated = formClass(form);
  return rated === "good" && faults.length > 0 ? "fair" : rated;
}

/**
 * @param repetitions with `place`
 * @param onPick null if there is no video
 * @returns null without repetitions
 */
export function repetitionStrip(repetitions: PlacedRepetition[], onPick: ((key: string) => void) | null, keyOf: (rep: PlacedRepetition) => string): HTMLElement | null {
  if (repetitions.length === 0) return null;
  const degrees = repetitions.map((rep) => rep.rangeOfMotionDeg ?? 0);
  const most = degrees.reduce((high, each) => Math.max(high, each), 0);
  const bars = repetitions.map((rep) => {
    const share = rep.rangeOfMotionDeg === null || most === 0 ? UNKNOWN : Math.max(LOWEST, rep.rangeOfMotionDeg / most);
    const label = `${t("rep-number", { rep: rep.place })}${rep.rangeOfMotionDeg === null ? "" : `, ${Math.round(rep.rangeOfMotionDeg)}°`}, ${[formBadge(rep.form).textContent, ...rep.faults.map(words)].join(", ")}`;
    const fill = h("span", { class: `strip-fill ${barClass(rep)}` }, formShape(rep.form, barClass(rep)));
    fill.style.height = `${Math.round(100 * share)}%`;
    const inside = [h("span", { class: "strip-track", "aria-hidden": "true" }, fill), h("span", { "aria-hidden": "true" }, rep.place)];
    return h("li", null, onPick
      ? h("button", { class: "strip-bar", type: "button", "aria-label": label, title: label, onclick: () => onPick(keyOf(rep)) }, inside)
      : h("span", { class: "strip-bar", role: "img", "aria-label": label, title: label }, inside));
  });
  return h("ol", { class: "strip" }, bars);
}
