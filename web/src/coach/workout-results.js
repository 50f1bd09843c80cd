/**
 * Results of a session for the pose coach: one for each exercise that the camera judged.
 * @module
 */

/** Points of feedback that a result may have. */
const MAX_POINTS = 20;

/** Characters of a point of feedback. */
const MAX_POINT = 500;

/** @typedef {{exercise: string, reps: number, accuracy: number, timestamp: string, duration: number, feedbackPoints: string[]}} WorkoutResult `accuracy` is 0 to 1, `duration` in seconds */

/** The cues of some sets, each once. @param {any} session @param {Set<number>} sets */
function pointsOf({ cues }, sets) {
  const points = cues.filter((/** @type {any} */ each) => sets.has(each.set)).map((/** @type {any} */ each) => each.cue.trim().slice(0, MAX_POINT));
  return /** @type {string[]} */ ([...new Set(points.filter(Boolean))].slice(0, MAX_POINTS));
}

/**
 * The accuracy of an exercise is the mean form of its repetitions; without any form, the camera did not see it.
 * A result is of the moment of its last repetition, so sending it again changes nothing.
 * @param {any} session result of the query SESSION @returns {WorkoutResult[]}
 */
export function workoutResults(session) {
  const exercises = new Set(/** @type {string[]} */ (session.sets.map((/** @type {any} */ set) => set.exerciseId)));
  return [...exercises].flatMap((exercise) => {
    const sets = new Set(/** @type {number[]} */ (session.sets.filter((/** @type {any} */ set) => set.exerciseId === exercise).map((/** @type {any} */ set) => set.number)));
    const repetitions = session.repetitions.filter((/** @type {any} */ each) => sets.has(each.set));
    const forms = repetitions.map((/** @type {any} */ each) => each.form).filter((/** @type {any} */ form) => form !== null);
    if (forms.length === 0) return [];
    const firstMs = Math.min(...repetitions.map((/** @type {any} */ each) => each.startMs));
    const lastMs = Math.max(...repetitions.map((/** @type {any} */ each) => each.endMs));
    return [{
      exercise,
      reps: repetitions.length,
      accuracy: forms.reduce((/** @type {number} */ sum, /** @type {number} */ form) => sum + form, 0) / forms.length,
      timestamp: new Date(Date.parse(session.startedAt) + lastMs).toISOString(),
      duration: Math.round((lastMs - firstMs) / 1000),
      feedbackPoints: pointsOf(session, sets),
    }];
  });
}
