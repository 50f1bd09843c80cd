/**
 * Debug strip with latencies, shown with `?debug` in the URL (C-31).
 * @module
 */

import { byId } from "../ui/dom.js";
import { ANSWERED } from "../live/data-channel.js";
import { useWorkoutStore } from "../stores/workout.js";

/** Refresh interval. */
const EVERY_MS = 500;

/** Show the strip if the URL asks for it. @param {import("./watcher.js").Watcher} watcher @param {import("../live/snapshots.js").Snapshots} snapshots */
export function showDebug(watcher, snapshots) {
  if (!new URLSearchParams(location.search).has("debug")) return;
  let [serverMs, transport] = [0, "request"];
  const observer = new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === ANSWERED) [serverMs, transport] = [duration, "data channel"];
      else if (name.endsWith("/workouts/streaming")) [serverMs, transport] = [duration, "request"];
    }
  });
  for (const type of ["resource", "measure"]) observer.observe({ type, buffered: true });
  byId("debug").hidden = false;
  setInterval(() => {
    const { deviceMs = 0, dropped = 0 } = watcher.stats ?? {};
    byId("debug").textContent = `device ${deviceMs.toFixed(0)} ms · server ${serverMs.toFixed(0)} ms by ${transport} · dropped ${dropped} · pictures ${snapshots.taken} · buffered ${useWorkoutStore.get().bufferedS} s`;
  }, EVERY_MS);
}
