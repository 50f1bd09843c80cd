/**
 * Camera selectors and exercise details of the setup form.
 * @module
 */

import "../player/exercise-figure.ts";
import { definition, exercises } from "../api/client.ts";
import { byId } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";
import type { Watcher } from "./watcher.ts";

/**
 * Connect the two selectors, one before and one during the session.
 * @param onChange called when another camera is selected while one is on
 * @returns call it when a camera was turned on
 */
export function chooseCamera(watcher: Watcher, onChange: () => void): {refresh: () => void} {
  const [before, now] = [byId<"camera-choice">("camera-before"), byId<"camera-choice">("camera-now")];
  before.addEventListener("change", () => void now.refresh());
  now.addEventListener("change", () => { void before.refresh(); if (watcher.isOn) onChange(); });
  return { refresh: () => { for (const list of [before, now]) void list.refresh({ looking: watcher.device }); } };
}

/** Show the demonstration, the camera placement, the unit of the goal and the upload link of the selected exercise. */
export async function showChosen() {
  const exercise = byId<"exercise-tiles">("exercise").value;
  const listed = (await exercises()).get(exercise);
  if (listed) void byId<"exercise-figure">("demonstration").show(listed);
  byId("chosen-name").textContent = listed?.name ?? "";
  byId("target-unit").textContent = listed?.kind === "hold" ? t("seconds") : t("repetitions");
  byId<"a">("upload").href = `/#upload=${encodeURIComponent(exercise)}`;
  const chosen = await definition(exercise);
  if (byId<"exercise-tiles">("exercise").value === exercise) byId<"camera-place">("place").show(chosen);
}
