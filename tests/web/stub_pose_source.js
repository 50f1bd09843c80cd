// Stub of the pose source: it returns the poses of a known performance as time passes.
// If `globalThis.stalled` is true, it finds no pose, as if the device were busy.
// If `globalThis.haste` is set, so many ms more pass with each frame.
// If `globalThis.squats` is set, the athlete stands after that many squats until it changes.
import { useWorkoutStore } from "/static/src/stores/workout.js";

const { times, landmarks, world, aspectRatio, stands } = await (await fetch("/static/performance.json")).json();

export function openPoseSource(video, { onFrame, onLook = () => {} }) {
  let began = null;
  let next = 0;
  let ahead = 0;
  const show = (index, timeMs, people) => {
    onLook(video, timeMs);
    onFrame({
      timeMs, people, aspectRatio,
      landmarks: people ? new Float32Array(landmarks[index]) : null, world: people ? new Float32Array(world[index]) : null,
    });
  };
  const timer = setInterval(() => {
    if (globalThis.stalled) return;
    ahead += globalThis.haste ?? 0;
    const now = performance.now() + ahead;
    const people = globalThis.people ?? 1;
    if (useWorkoutStore.get().stage !== "counting") { began = null; next = 0; show(0, now, people); return; }
    began ??= now + 60;
    const last = stands[globalThis.squats] ?? times.length;
    while (next < last && began + times[next] <= now) { show(next, began + times[next], people); next += 1; }
    if (next >= last) { show(next - 1, now, people); began = now - times[next - 1]; }
  }, 50);
  return { stop: () => clearInterval(timer), stats: { deviceMs: 12, dropped: 0 } };
}
