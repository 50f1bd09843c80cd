/**
 * Goals of sets: numbers of repetitions or seconds in the fields of the coach page.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";
import { markField } from "../ui/forms.ts";
import { constraintsOf } from "../ui/schema-fields.ts";

const { min: LEAST = 1, max: MOST = Infinity } = constraintsOf("StartSet.targetRepetitions");

/** IDs of the fields. */
type GoalField = "target" | "next-target";

/** The goal that a text says; null if it is none that the server takes. */
export function goalFrom(text: string | undefined): number | null {
  const goal = Number(text);
  return Number.isInteger(goal) && goal >= LEAST && goal <= MOST ? goal : null;
}

/** Whether the goal in a field is possible, or there is none; otherwise show what is, and focus the field. */
export function isGoalPossible(id: GoalField): boolean {
  const field = byId<"input">(id);
  const { valid } = field.validity;
  markField(field, valid ? "" : t("goal-wrong", { min: LEAST, max: MOST }));
  if (!valid) field.focus();
  if (!valid) field.parentElement?.scrollIntoView({ block: "center" }); // with its message, which the buttons below could cover
  return valid;
}

/** The goal in a field; null if there is none. */
export const goalIn = (id: GoalField) => goalFrom(byId<"input">(id).value);

/** Show a goal in a field. */
export function showGoal(id: GoalField, goal: number | null) {
  byId<"input">(id).value = String(goal ?? "");
  markField(byId<"input">(id), "");
}

/** Pass on the goal of the next set when it is changed, and remove the marks of fields that are corrected. */
export function connectGoals(onNext: (goal: number | null) => void) {
  for (const id of ["target", "next-target"] as const) {
    const field = byId<"input">(id);
    field.addEventListener("input", () => { if (field.validity.valid) markField(field, ""); });
  }
  const next = byId<"input">("next-target");
  next.addEventListener("change", () => { if (next.validity.valid) onNext(goalIn("next-target")); });
}
