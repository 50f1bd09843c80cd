/**
 * Addresses of the workout player.
 * @module
 */

/** URL of a prescription, or of one of its executions, begun or planned. @param {string} workout @param {string} [session] */
export function workoutUrl(workout, session) {
  return `/workout_player.html?${new URLSearchParams({ workout, ...(session && { session }) })}`;
}

/** URL of an execution that has begun. @param {string} session */
export function executionUrl(session) {
  return `/workout_player.html?${new URLSearchParams({ session })}`;
}

/** Beginning of the IDs of sessions that perform assigned workouts. */
const ASSIGNED = "assigned.";

/** Whether a session performs a workout that a trainer assigned. @param {string} session */
export function isAssigned(session) {
  return session.startsWith(ASSIGNED);
}
