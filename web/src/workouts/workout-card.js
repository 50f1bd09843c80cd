/**
 * Card of a workout in the list: its exercises with figures, and what can be done with it.
 * @module
 */

import "../exercises/exercise-poster.js";
import { h } from "../ui/dom.js";
import { t } from "../i18n/l10n.js";
import { doses } from "./doses.js";
import { minutesOf, stepsOf } from "./plan.js";
import { workoutUrl } from "./workout-url.js";

/** @typedef {import("./workout-api.js").Prescription} Prescription */

/** Figures of a card. */
const MOST_FIGURES = 4;

/**
 * @param {Prescription} plan
 * @param {Map<string, import("../api/client.js").Exercise>} exercises
 * @param {{units: import("../i18n/units.js").Units, isOwn: boolean, onEdit: (plan: Prescription) => void, onDuplicate: (plan: Prescription) => void, onDelete: (plan: Prescription) => void}} options
 */
export function workoutCard(plan, exercises, { units, isOwn, onEdit, onDuplicate, onDelete }) {
  const { workoutId, name, locked, exercises: lines } = plan;
  const id = `workout-${workoutId}`;
  const shown = [...new Set(lines.map(({ exerciseId }) => exerciseId))].slice(0, MOST_FIGURES);
  const action = (/** @type {string} */ text, /** @type {(plan: Prescription) => void} */ does) =>
    h("button", { class: "button quiet", type: "button", "aria-describedby": id, onclick: () => does(plan) }, t(text));
  return h("li", { class: "workout-card" },
    shown.length > 0 && h("div", { class: "workout-figures" }, shown.map((exercise) => h("exercise-poster", { exercise }))),
    h("h3", { id }, h("bdi", null, name)),
    h("p", { class: "muted" }, t("plans-size", { sets: t("count-sets", { count: stepsOf(lines).length }), minutes: minutesOf(lines) })),
    h("ul", { class: "prescription-lines" }, lines.map((line) => h("li", null, `${exercises.get(line.exerciseId)?.name ?? line.exerciseId}: ${doses(line, units)}`))),
    h("div", { class: "choices workout-actions" },
      h("a", { class: "button primary", href: workoutUrl(workoutId), "aria-describedby": id }, t("select")),
      isOwn && action("edit-workout", onEdit),
      !locked && action("duplicate-workout", onDuplicate),
      isOwn && action("delete-workout", onDelete)));
}
