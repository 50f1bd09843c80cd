/**
 * Card of a workout in the list: its exercises with figures, and what can be done with it.
 * @module
 */

import "../exercises/exercise-poster.ts";
import { h } from "../ui/dom.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { doses } from "./doses.ts";
import { minutesOf, stepsOf } from "./plan.ts";
import { workoutUrl } from "./workout-url.ts";
import type { Exercise } from "../api/client.ts";
import type { Units } from "../i18n/units.ts";
import type { Prescription } from "./workout-api.ts";

/** Figures of a card. */
const MOST_FIGURES = 4;

export function workoutCard(plan: Prescription, exercises: Map<string, Exercise>, { units, isOwn, onEdit, onDuplicate, onDelete }: {units: Units, isOwn: boolean, onEdit: (plan: Prescription) => void, onDuplicate: (plan: Prescription) => void, onDelete: (plan: Prescription) => void}) {
  const { workoutId, name, locked, exercises: lines } = plan;
  const id = `workout-${workoutId}`;
  const shown = [...new Set(lines.map(({ exerciseId }) => exerciseId))].slice(0, MOST_FIGURES);
  const action = (text: string, does: (plan: Prescription) => void) =>
    h("button", { class: "button quiet", type: "button", "aria-describedby": id, onclick: () => does(plan) }, t(text));
  return h("li", { class: "workout-card" },
    shown.length > 0 && h("div", { class: "workout-figures" }, shown.map((exercise) => h("exercise-poster", { exercise }))),
    h("h3", { id }, h("bdi", null, name)),
    h("p", { class: "muted" }, t("plans-size", { sets: t("count-sets", { count: stepsOf(lines).length }), minutes: minutesOf(lines) })),
    h("ul", { class: "prescription-lines" }, lines.map((line) => h("li", null, `${exercises.get(line.exerciseId)?.name ?? words(line.exerciseId)}: ${doses(line, units)}`))),
    h("div", { class: "choices workout-actions" },
      h("a", { class: "button primary", href: workoutUrl(workoutId), "aria-describedby": id }, t("select")),
      isOwn && action("edit-workout", onEdit),
      !locked && action("duplicate-workout", onDuplicate),
      isOwn && action("delete-workout", onDelete)));
}
