/**
 * The page's two lists of cameras, and the drawings of where one stands.
 * @module
 */

import { exercises, request } from "../api/client.js";
import { byId } from "../ui/dom.js";

/**
 * Let a camera be chosen, before it is on and while it looks.
 * @param {import("./watcher.js").Watcher} watcher
 * @param {() => void} onChange another one is to look now
 * @returns {{refresh: () => void}} to be called when one was switched on
 */
export function chooseCamera(watcher, onChange) {
  const [before, now] = [byId("camera-before"), byId("camera-now")];
  before.addEventListener("change", () => void now.refresh());
  now.addEventListener("change", () => { void before.refresh(); if (watcher.isOn) onChange(); });
  return { refresh: () => { for (const list of [before, now]) void list.refresh({ looking: watcher.device }); } };
}

/** Show what the chosen exercise needs: where its camera stands, what a goal of it is, where a video of it goes. */
export async function showChosen() {
  const exercise = byId("exercise").value;
  const kind = (await exercises()).get(exercise)?.kind;
  byId("target-unit").textContent = kind === "hold" ? "Seconds" : "Repetitions";
  byId("upload").href = `/#upload=${encodeURIComponent(exercise)}`;
  const definition = await request(`/v1/exercises/${encodeURIComponent(exercise)}`);
  if (byId("exercise").value === exercise) byId("place").show(definition);
}
