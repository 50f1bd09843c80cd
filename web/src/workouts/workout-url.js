/**
 * Addresses of the workout player.
 * @module
 */

/** URL of a prescription, or of one of its executions, begun or planned. @param {string} workout @param {string} [session] */
export function workoutUrl(workout, session) {
  return `/workout_player.html?${new URLSearchParams({ workout, ...(session && { session }) })}`;
}
