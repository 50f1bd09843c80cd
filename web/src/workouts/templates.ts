/**
 * Templates of workouts: a start for an athlete's own.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import type { Line } from "./plan.ts";

const reps = (exerciseId: string, sets: number, targetRepetitions: number, restS: number): Line => ({ exerciseId, sets, targetRepetitions, targetHoldS: null, restS });

const hold = (exerciseId: string, sets: number, targetHoldS: number, restS: number): Line => ({ exerciseId, sets, targetRepetitions: null, targetHoldS, restS });

/** Workouts without equipment, and one with dumbbells. */
export const TEMPLATES: {name: string, exercises: Line[]}[] = [
  { name: t("template-full-body"), exercises: [reps("squat", 3, 10, 60), reps("push_up", 3, 8, 60), reps("lunge", 3, 8, 60), hold("plank", 3, 30, 45)] },
  { name: t("template-ten-minutes"), exercises: [reps("jumping_jack", 2, 20, 20), reps("squat", 2, 12, 30), reps("push_up", 2, 8, 30), hold("plank", 2, 20, 30)] },
  { name: t("template-legs"), exercises: [reps("squat", 4, 10, 75), reps("lunge", 3, 10, 60), reps("sit_up", 3, 12, 45)] },
  { name: t("template-upper-body"), exercises: [reps("push_up", 3, 8, 60), reps("shoulder_press", 3, 10, 75), reps("biceps_curl", 3, 12, 60), reps("front_raise", 2, 12, 60)] },
];
