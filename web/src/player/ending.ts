/**
 * What the page shows while a workout is being completed, which may have to wait for a connection.
 * @module
 */

import { announce, byId, h } from "../ui/dom.ts";
import { amountWords } from "../workouts/plan.ts";
import { t } from "../i18n/l10n.ts";
import type { Workout } from "../stores/workout.ts";

/** Modes in which the server cannot be reached or does not answer. */
const WITHOUT_SERVER = new Set(["offline", "device"]);

/** Show that the workout is being completed, or what of it this browser keeps until it can be sent. */
export function showEnding({ guided, link, waiting }: Workout, definition: (exerciseId: string) => {name: string}) {
  const summary = byId<"workout-results">("summary");
  if (!WITHOUT_SERVER.has(link) || !guided) {
    summary.wait(h("p", { class: "panel muted" }, t("completing-workout")));
    return;
  }
  const done = guided.done.filter(({ isSkipped, amount }) => !isSkipped || amount > 0).map(({ at, amount }) => ({ step: guided.steps[at], amount }));
  if (!summary.querySelector("#unsent")) announce(t("saved-here"));
  summary.wait(h("section", { id: "unsent", class: "panel", "aria-labelledby": "unsent-title" },
    h("h2", { id: "unsent-title" }, t("saved-here")),
    h("p", null, t(link === "offline" ? "saved-here-offline" : "saved-here-no-answer")),
    h("p", { id: "unsent-count", class: "muted" }, t("waiting-changes", { count: waiting })),
    h("ul", { class: "points" }, done.map(({ step, amount }) => h("li", null, `${definition(step.exerciseId).name}: ${amountWords(amount, step.unit)}`)))));
}
