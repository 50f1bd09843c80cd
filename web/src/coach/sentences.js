/**
 * What pages say by themselves. `make schema` writes this file from `domain/coaching/cues`, where
 * the server's voice has its sentences from, too.
 * @module
 */

/** Braces are filled in. */
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

/** So far the server's voice counts; greater numbers are spoken by browsers only. */
export const MOST_COUNTED = 100;
