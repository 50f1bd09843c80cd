/**
 * Deletion of a workout from the list, with undo for as long as the page is open.
 * @module
 */

import { announce, byId, focusResult, h, uniqueKey } from "../ui/dom.ts";
import { clearProblem } from "../ui/banner.ts";
import * as workoutApi from "./workout-api.ts";
import { t } from "../i18n/l10n.ts";
import type { Prescription } from "./workout-api.ts";

/** `onChange`: the workout was deleted or is back */
type Callbacks = {onChange: () => void, refused: (error: unknown) => void};

/** Delete a workout, hide its card, and offer to undo both. @throws {Problem} */
export async function deleteWorkout(plan: Prescription, card: HTMLElement, { onChange, refused }: Callbacks) {
  clearProblem();
  await workoutApi.remove(plan.workoutId, uniqueKey());
  card.hidden = true;
  onChange();
  const undo = h("button", { class: "button", type: "button", onclick: () => void restore(plan, card, onChange).catch(refused) }, t("undo-action"));
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, t("workout-deleted", { workout: plan.name })), undo));
  undo.focus();
}

/** @throws {Problem} */
async function restore({ workoutId, name }: Prescription, card: HTMLElement, onChange: () => void) {
  clearProblem();
  await workoutApi.restore(workoutId, uniqueKey());
  card.hidden = false;
  onChange();
  byId("notice").replaceChildren();
  announce(t("workout-restored", { workout: name }));
  focusResult(card);
}
