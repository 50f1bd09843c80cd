/**
 * The training as it stands, free or along a prescription: stage, set, count, form, and how it reaches the server.
 * @module
 */

import { createStore } from "./store.js";

/**
 * @typedef {"setup" | "preflight" | "countdown" | "counting" | "rest" | "summary"} Stage
 * @typedef {object} Workout
 * @property {Stage} stage
 * @property {"landmarks" | "manual"} mode Who counts.
 * @property {boolean} images Whether pictures are sent beside the landmarks; without, none leaves the device.
 * @property {string} exercise Its id.
 * @property {number | null} target Repetitions of a set.
 * @property {number} set From 1; 0 before the first.
 * @property {number} repetitions Of the set.
 * @property {number} heldMs Of a timed exercise.
 * @property {"rest" | "eccentric" | "effort" | "concentric" | "hold"} phase
 * @property {number | null} form Of the latest repetition, 0..1.
 * @property {boolean} inFrame
 * @property {boolean} paused
 * @property {boolean} armed The set begins as soon as all lights are green.
 * @property {"live" | "degraded" | "device" | "offline"} link Where the counting comes from.
 * @property {number} bufferedS Seconds of training that the server has not got yet.
 * @property {import("../player/state-machine.js").Guided | null} guided The prescription that is followed, and how far; null where there is none.
 * @property {number} elapsedS Of the set, without pauses.
 * @property {boolean} seeing The camera is on.
 */

/** @type {Workout} */
const AT_FIRST = {
  stage: "setup", mode: "landmarks", images: false, exercise: "squat", target: null, set: 0, repetitions: 0, heldMs: 0,
  phase: "rest", form: null, inFrame: true, paused: false, armed: false, link: "live", bufferedS: 0,
  guided: null, elapsedS: 0, seeing: false,
};

/** The page's only one. */
export const useWorkoutStore = createStore(AT_FIRST);
