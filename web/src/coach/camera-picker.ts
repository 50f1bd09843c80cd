/**
 * Camera selectors and exercise details of the setup form.
 * @module
 */

import "../player/exercise-figure.ts";
import { definition, exercises } from "../api/client.ts";
import { byId } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";
import type { Watcher } from "./watcher.ts";
import type { CameraChoice } from "../ui/camera-choice.ts";
import type { ExerciseFigure } from "../player/exercise-figure.ts";

/**
 * Connect the two selectors, one before and one during the session.
 * @param onChange called when another camera is selected while one is on
 * @returns call it when a camera was turned on
 */
export function chooseCamera(watcher: Watcher, onChange: () => void): {refresh: () => void} {
  const [before, now] = [byId<CameraChoice>("camera-before"), byId<CameraChoice>("camera-now")];
  before.addEventListener("change", () => void now.refresh());
  now.addEventListener("change", () => { void before.refresh(); if (watcher.isOn) onChange(); });
  return { refresh: () => { for (const list of [before, now]) void list.refresh({ looking: watcher.device }); } };
}

/** Show the demonstration, the camera placement, the unit of the goal and the upload link of the selected exercise. */
export async function showChosen() {
  const exercise = byId("exercise").value;
  const listed = (await exercises()).get(exercise);
  if (listed) void byId<ExerciseFigure>("demonstration").show(listed);
  byId("chosen-name").textContent = listed?.name ?? "";
  byId("target-unit").textContent = listed?.kind === "hold" ? t("seconds") : t("repetitions");
  byId("upload").href = `/#upload=${encodeURIComponent(exercise)}`;
  const chosen = await definition(exercise);
  if (byId("exercise").value === exercise) byId("place").show(chosen);
}
