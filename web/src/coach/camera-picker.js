/**
 * Camera selectors and exercise details of the setup form.
 * @module
 */

import { exercises, request } from "../api/client.js";
import { byId } from "../ui/dom.js";

/**
 * Connect the two selectors, one before and one during the session.
 * @param {import("./watcher.js").Watcher} watcher
 * @param {() => void} onChange called when another camera is selected while one is on
 * @returns {{refresh: () => void}} call it when a camera was turned on
 */
export function chooseCamera(watcher, onChange) {
  const [before, now] = [byId("camera-before"), byId("camera-now")];
  before.addEventListener("change", () => void now.refresh());
  now.addEventListener("change", () => { void before.refresh(); if (watcher.isOn) onChange(); });
  return { refresh: () => { for (const list of [before, now]) void list.refresh({ looking: watcher.device }); } };
}

/** Show the camera placement, the unit of the goal and the upload link of the selected exercise. */
export async function showChosen() {
  const exercise = byId("exercise").value;
  const kind = (await exercises()).get(exercise)?.kind;
  byId("target-unit").textContent = kind === "hold" ? "Seconds" : "Repetitions";
  byId("upload").href = `/#upload=${encodeURIComponent(exercise)}`;
  const definition = await request(`/v1/exercises/${encodeURIComponent(exercise)}`);
  if (byId("exercise").value === exercise) byId("place").show(definition);
}
