/**
 * Debug strip with latencies, shown with `?debug` in the URL (C-31).
 * @module
 */

import { byId } from "../ui/dom.ts";
import { ANSWERED } from "../live/channel.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import type { Snapshots } from "../live/snapshots.ts";
import type { Watcher } from "./watcher.ts";

/** Refresh interval. */
const EVERY_MS = 500;

/** Show the strip if the URL asks for it. */
export function showDebug(watcher: Watcher, snapshots: Snapshots) {
  if (!new URLSearchParams(location.search).has("debug")) return;
  let [serverMs, transport] = [0, "request"];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name === ANSWERED) [serverMs, transport] = [entry.duration, (entry as PerformanceMeasure).detail];
      else if (entry.name.endsWith("/workouts/streaming")) [serverMs, transport] = [entry.duration, "request"];
    }
  });
  for (const type of ["resource", "measure"]) observer.observe({ type, buffered: true });
  byId("debug").hidden = false;
  setInterval(() => {
    const { deviceMs = 0, dropped = 0 } = watcher.stats ?? {};
    byId("debug").textContent = `device ${deviceMs.toFixed(0)} ms · server ${serverMs.toFixed(0)} ms by ${transport} · dropped ${dropped} · pictures ${snapshots.taken} · buffered ${useWorkoutStore.get().bufferedS} s`;
  }, EVERY_MS);
}
