/**
 * Deletion of a workout from the list, with undo for as long as the page is open.
 * @module
 */

import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { clearProblem } from "../ui/banner.js";
import * as workoutApi from "./workout-api.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("./workout-api.js").Prescription} Prescription */

/** @typedef {{onChange: () => void, refused: (error: unknown) => void}} Callbacks `onChange`: the workout was deleted or is back */

/** Delete a workout, hide its card, and offer to undo both. @param {Prescription} plan @param {HTMLElement} card @param {Callbacks} callbacks @throws {import("../api/client.js").Problem} */
export async function deleteWorkout(plan, card, { onChange, refused }) {
  clearProblem();
  await workoutApi.remove(plan.workoutId, uniqueKey());
  card.hidden = true;
  onChange();
  const undo = h("button", { class: "button", type: "button", onclick: () => void restore(plan, card, onChange).catch(refused) }, t("undo-action"));
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, t("workout-deleted", { workout: plan.name })), undo));
  undo.focus();
}

/** @param {Prescription} plan @param {HTMLElement} card @param {() => void} onChange @throws {import("../api/client.js").Problem} */
async function restore({ workoutId, name }, card, onChange) {
  clearProblem();
  await workoutApi.restore(workoutId, uniqueKey());
  card.hidden = false;
  onChange();
  byId("notice").replaceChildren();
  announce(t("workout-restored", { workout: name }));
  card.querySelector("a")?.focus();
}
