/**
 * Addresses of the workout player.
 * @module
 */

/** URL of a prescription, or of one of its executions, begun or planned. */
export function workoutUrl(workout: string, session?: string) {
  return `/workout_player.html?${new URLSearchParams({ workout, ...(session && { session }) })}`;
}

/** URL of an execution that has begun. */
export function executionUrl(session: string) {
  return `/workout_player.html?${new URLSearchParams({ session })}`;
}

/** Beginning of the IDs of sessions that perform assigned workouts. */
const ASSIGNED = "assigned.";

/** Whether a session performs a workout that a trainer assigned. */
export function isAssigned(session: string) {
  return session.startsWith(ASSIGNED);
}
