/**
 * Local recognition of voice intents, for when the server is unavailable.
 * @module
 */

export type Intent = "start" | "stop" | "pause" | "next" | "undo" | "swap";

/** Phrases by intent; the first match wins. */
const PHRASES: [Intent, RegExp][] = [
  ["undo", /\b(undo|not count(ed)?|minus one|take (that|it) back)\b/],
  ["swap", /\b(swap|switch|change|other|another) ?(exercise)?\b/],
  ["next", /\b(next|continue with|skip|done with this set)\b/],
  ["pause", /\b(pause|wait|hold on|one moment)\b/],
  ["stop", /\b(stop|finish(ed)?|end|done|enough)\b/],
  ["start", /\b(start|begin|go|ready|let'?s go|resume)\b/],
];

export function intentOf(text: string): Intent | null {
  const words = text.toLowerCase().trim();
  return PHRASES.find(([, phrase]) => phrase.test(words))?.[0] ?? null;
}
