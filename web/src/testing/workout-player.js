// A workout player without a page, which tests open and take through its phases.
import assert from "node:assert/strict";

import { Watcher } from "./workout-server.js";

const status = {};
globalThis.document = { addEventListener() {}, getElementById: () => status, hidden: false };

const { Player } = await import("../player/player.ts");
export const { useWorkoutStore } = await import("../stores/workout.ts");

/** Code of the problem of each workout here: Node.js cannot store it. */
export const NOT_DURABLE = "live.not_durable";

export const heard = { onCue() {}, onSay() {}, onCountdown() {}, onProblem() {}, onOver() {}, onMoved() {}, loadKg: () => 20 };

/** @param {"manual" | "landmarks"} mode @param {Server} server */
export async function opened(mode, server, callbacks = {}) {
  useWorkoutStore.set({ mode, armed: false });
  const player = new Player(new Watcher(), { ...heard, ...callbacks });
  await player.open(server.executionState());
  return player;
}

export const turn = () => new Promise((resolve) => { setImmediate(resolve); });

/** Wait for a condition. @param {() => boolean} so */
export async function until(so) {
  for (let turns = 0; turns < 5000 && !so(); turns += 1) await turn();
  assert.ok(so());
}

/** Count down to the set. @param {any} context @param {Player} player */
export async function counted(context, player) {
  player.ready();
  context.mock.timers.tick(3000);
  await until(() => useWorkoutStore.get().guided.phase === "performing");
}

export const phase = () => useWorkoutStore.get().guided.phase;
