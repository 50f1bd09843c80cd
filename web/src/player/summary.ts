/**
 * Summary of a completed workout.
 * @module
 */

import { trainable } from "../api/custom-exercises.ts";
import { announce, byId } from "../ui/dom.ts";
import { units } from "../i18n/units.ts";
import { summary } from "../workouts/workout-api.ts";
import { t } from "../i18n/l10n.ts";

/**
 * Show the summary and move the focus to it.
 * @param act shows errors in a banner
 */
export async function showResults(id: string, act: (done: Promise<void>) => void) {
  byId("link").hidden = byId("link-status").hidden = true;
  await sumUp(id, act);
  byId<"a">("open").href = `/#session=${encodeURIComponent(id)}`;
  announce(t("workout-completed"));
  byId("title").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/**
 * Show the summary; if Apple Health is pending, refresh it when the page is visible again (C-46).
 * @param act shows errors in a banner
 */
async function sumUp(id: string, act: (done: Promise<void>) => void) {
  const [result, allExercises, measured] = await Promise.all([summary(id), trainable(), units()]);
  byId<"workout-results">("summary").show(result, allExercises, measured);
  if (result.healthKit.status !== "pending") return;
  const again = () => {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", again);
    act(sumUp(id, act));
  };
  document.addEventListener("visibilitychange", again);
}
