/**
 * Results of a session for the pose coach: one for each exercise that the camera judged.
 * @module
 */

import type { Session } from "../api/client.ts";

/** Points of feedback that a result may have. */
const MAX_POINTS = 20;

/** Characters of a point of feedback. */
const MAX_POINT = 500;

/** `accuracy` is 0 to 1, `duration` in seconds */
export type WorkoutResult = {exercise: string, reps: number, accuracy: number, timestamp: string, duration: number, feedbackPoints: string[]};

/** The cues of some sets, each once. */
function pointsOf({ cues }: Session, sets: Set<number>) {
  const points = cues.filter((each) => sets.has(each.set)).map((each) => each.cue.trim().slice(0, MAX_POINT));
  return [...new Set(points.filter(Boolean))].slice(0, MAX_POINTS);
}

/**
 * The accuracy of an exercise is the mean form of its repetitions; without any form, the camera did not see it.
 * A result is of the moment of its last repetition, so sending it again changes nothing.
 */
export function workoutResults(session: Session): WorkoutResult[] {
  const exercises = new Set(session.sets.map((set) => set.exerciseId));
  return [...exercises].flatMap((exercise) => {
    const sets = new Set(session.sets.filter((set) => set.exerciseId === exercise).map((set) => set.number));
    const repetitions = session.repetitions.filter((each) => sets.has(each.set));
    const forms = repetitions.map((each) => each.form).filter((form) => form !== null);
    if (forms.length === 0) return [];
    const firstMs = Math.min(...repetitions.map((each) => each.startMs));
    const lastMs = Math.max(...repetitions.map((each) => each.endMs));
    return [{
      exercise,
      reps: repetitions.length,
      accuracy: forms.reduce((sum, form) => sum + form, 0) / forms.length,
      timestamp: new Date(Date.parse(session.startedAt) + lastMs).toISOString(),
      duration: Math.round((lastMs - firstMs) / 1000),
      feedbackPoints: pointsOf(session, sets),
    }];
  });
}
