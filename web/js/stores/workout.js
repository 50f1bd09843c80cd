/**
 * The training before the camera as it stands: stage, set, count, form, and how it reaches the server.
 * @module
 */

import { createStore } from "./store.js";

/**
 * @typedef {"setup" | "preflight" | "countdown" | "counting" | "rest" | "summary"} Stage
 * @typedef {object} Workout
 * @property {Stage} stage
 * @property {"landmarks" | "manual"} mode Who counts; with `landmarks` no picture leaves the device.
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
 */

/** @type {Workout} */
const AT_FIRST = {
  stage: "setup", mode: "landmarks", exercise: "squat", target: null, set: 0, repetitions: 0, heldMs: 0,
  phase: "rest", form: null, inFrame: true, paused: false, armed: false, link: "live", bufferedS: 0,
};

/** The page's only one. */
export const useWorkoutStore = createStore(AT_FIRST);
