/**
 * Sentences that pages speak by themselves. `make schema` generates this file from
 * `domain/coaching/cues`, the catalog of the server's voice.
 * @module
 */

/** Sentences with placeholders in braces. */
export const SENTENCES = Object.freeze({
  "left": "Come back into the picture",
  "ready": "Get ready.",
  "exercise": "{name}.",
  "set": "Set {number} of {sets}.",
  "rep": "{number} repetition.",
  "reps": "{number} repetitions.",
  "second": "{number} second.",
  "seconds": "{number} seconds.",
  "done": "Set done.",
  "rest": "Rest.",
  "next": "Next: {name}.",
  "rested": "The rest is over.",
  "count": "{number}"
});

/** Largest number that the server's voice speaks; browsers speak larger ones. */
export const MOST_COUNTED = 100;
