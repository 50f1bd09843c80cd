/**
 * State of the page: the current training, free or guided.
 * @module
 */

import { createStore } from "./store.js";

/**
 * @typedef {"setup" | "preflight" | "countdown" | "counting" | "rest" | "summary"} Stage
 * @typedef {object} Workout
 * @property {Stage} stage
 * @property {"landmarks" | "manual"} mode who counts
 * @property {boolean} images whether pictures are sent with the landmarks
 * @property {boolean} keeps whether the movement is recorded
 * @property {boolean} film whether pictures are recorded, too
 * @property {string} exercise exercise ID
 * @property {number | null} target goal of a set
 * @property {number} set from 1; 0 before the first
 * @property {number} repetitions of the set
 * @property {number} heldMs of a timed exercise
 * @property {"rest" | "eccentric" | "effort" | "concentric" | "hold"} phase
 * @property {number | null} form of the latest repetition, 0..1
 * @property {boolean} isSlow whether the device is too slow to judge form
 * @property {boolean} inFrame
 * @property {boolean} paused
 * @property {boolean} armed the set starts as soon as all checks are green
 * @property {"live" | "degraded" | "device" | "offline"} link how the server is reached
 * @property {number} bufferedS seconds of training not yet sent
 * @property {number} waiting number of entries of a guided workout not yet sent
 * @property {import("../player/state-machine.js").Guided | null} guided state of the guided workout, or null
 * @property {number} elapsedS of the set, without pauses
 * @property {boolean} seeing whether the camera is on
 */

/** @type {Workout} */
const AT_FIRST = {
  stage: "setup", mode: "landmarks", images: false, keeps: false, film: false, exercise: "squat", target: null, set: 0, repetitions: 0, heldMs: 0,
  phase: "rest", form: null, isSlow: false, inFrame: true, paused: false, armed: false, link: "live", bufferedS: 0, waiting: 0,
  guided: null, elapsedS: 0, seeing: false,
};

/** The page's training store. */
export const useWorkoutStore = createStore(AT_FIRST);
