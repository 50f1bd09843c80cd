/**
 * Workouts of a plan, in order.
 * @module
 */

import { exercises, Problem } from "../api/client.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { units } from "../i18n/units.ts";
import { byId, h } from "../ui/dom.ts";
import { prescription } from "../workouts/workout-api.ts";
import { doses } from "../workouts/doses.ts";
import { minutesOf, stepsOf } from "../workouts/plan.ts";
import type { PlanContent } from "./prices.ts";
import { texts } from "./texts.ts";

/** Show the workouts of a plan. Those of a paid plan open with the subscription, but the preview. @throws {Problem} */
export async function showWorkouts(content: PlanContent) {
  const ids = [...new Set(content.workouts)];
  const total = content.weeks * content.sessionsPerWeek;
  byId("rounds").textContent = texts.rounds(total, content.workouts.length);
  const [names, unit] = await Promise.all([exercises(), units()]);
  const loaded = await Promise.all(ids.map((id) => prescription(id).catch((error) => { if (error instanceof Problem) return null; throw error; })));
  const byKey = new Map(ids.map((id, index) => [id, loaded[index]]));
  byId("workouts").replaceChildren(...content.workouts.map((id) => {
    const workout = byKey.get(id);
    if (!workout) return h("li", { class: "plan-workout" }, h("p", { class: "muted" }, texts.workoutGone));
    const lines = workout.exercises.map((line) => h("li", null, h("span", null, names.get(line.exerciseId)?.name ?? words(line.exerciseId)), h("span", { class: "muted" }, ` ${doses(line, unit)}`), line.note && h("p", { class: "plan-note", dir: "auto" }, line.note)));
    return h("li", { class: "plan-workout" },
      h("h3", null, h("bdi", null, workout.name), id === content.preview && content.prices.length > 0 && h("span", { class: "plan-badge" }, texts.preview)),
      !workout.locked && h("p", { class: "muted" }, texts.size(t("count-sets", { count: stepsOf(workout.exercises).length }), minutesOf(workout.exercises))),
      workout.locked ? h("p", { class: "muted" }, texts.lockedLines) : h("ul", { class: "plan-lines" }, lines));
  }));
}
