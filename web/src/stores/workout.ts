/**
 * State of the page: the current training, free or guided.
 * @module
 */

import { createStore } from "./store.ts";
import type { Guided } from "../player/state-machine.ts";

export type Stage = "setup" | "preflight" | "countdown" | "counting" | "rest" | "summary";
export interface Workout {
  stage: Stage;
  /** who counts */
  mode: "landmarks" | "manual";
  /** whether pictures are sent with the landmarks */
  images: boolean;
  /** whether the movement is recorded */
  keeps: boolean;
  /** whether pictures are recorded, too */
  keepsVideo: boolean;
  /** exercise ID */
  exercise: string;
  /** goal of a set */
  target: number | null;
  /** from 1; 0 before the first */
  set: number;
  /** of the set */
  repetitions: number;
  /** of a timed exercise */
  heldMs: number;
  phase: "rest" | "eccentric" | "effort" | "concentric" | "hold";
  /** of the latest repetition, 0..1 */
  form: number | null;
  /** whether the device is too slow to judge form */
  isSlow: boolean;
  inFrame: boolean;
  paused: boolean;
  /** the set starts as soon as all checks are green */
  armed: boolean;
  /** how the server is reached */
  link: "live" | "degraded" | "device" | "offline";
  /** seconds of training not yet sent */
  bufferedS: number;
  /** number of entries of a guided workout not yet sent */
  waiting: number;
  /** state of the guided workout, or null */
  guided: Guided | null;
  /** of the set, without pauses */
  elapsedS: number;
  /** whether the camera is on */
  seeing: boolean;
}

const AT_FIRST: Workout = {
  stage: "setup", mode: "landmarks", images: false, keeps: false, keepsVideo: false, exercise: "squat", target: null, set: 0, repetitions: 0, heldMs: 0,
  phase: "rest", form: null, isSlow: false, inFrame: true, paused: false, armed: false, link: "live", bufferedS: 0, waiting: 0,
  guided: null, elapsedS: 0, seeing: false,
};

/** The page's training store. */
export const useWorkoutStore = createStore(AT_FIRST);
