/**
 * Local recognition of voice intents, for when the server is unavailable.
 * @module
 */

/** @typedef {"start" | "stop" | "pause" | "next" | "undo" | "swap"} Intent */

/** Phrases by intent; the first match wins. @type {[Intent, RegExp][]} */
const PHRASES = [
  ["undo", /\b(undo|not count(ed)?|minus one|take (that|it) back)\b/],
  ["swap", /\b(swap|switch|change|other|another) ?(exercise)?\b/],
  ["next", /\b(next|continue with|skip|done with this set)\b/],
  ["pause", /\b(pause|wait|hold on|one moment)\b/],
  ["stop", /\b(stop|finish(ed)?|end|done|enough)\b/],
  ["start", /\b(start|begin|go|ready|let'?s go|resume)\b/],
];

/** @param {string} text @returns {Intent | null} */
export function intentOf(text) {
  const words = text.toLowerCase().trim();
  return PHRASES.find(([, phrase]) => phrase.test(words))?.[0] ?? null;
}
