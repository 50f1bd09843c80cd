/**
 * Keyboard shortcuts of the replay page.
 * @module
 */

import { listenToKeys } from "../ui/player-keys.js";

const SKIP_S = 10;

const HELP = [
  ["Space, K", "play or pause"], ["J, L", "10 s back or forward"], ["←, →", "1 s back or forward"], [", .", "one frame back or forward"],
  ["Home, End", "start, end"], ["0 – 9", "jump to 0 – 90 %"], ["[, ]", "set loop start, loop end"],
  ["Enter", "on the timeline: loop this repetition or stop the loop"], ["M", "mirror the recording"], ["G", "ghost on or off"], ["B", "skip breaks on or off"],
];

/**
 * Handle the keys until the signal aborts.
 * @param {import("./replay.js").Replay} replay
 * @param {{mirror: () => void, ghost: () => void, breaks: () => void}} training
 * @param {AbortSignal} signal
 * @returns {HTMLElement} the list of keys, with the checkbox that enables them
 */
export function replayKeys(replay, training, signal) {
  const tenth = (/** @type {number} */ digit) => () => replay.seek(replay.start + ((replay.end - replay.start) * digit) / 10);
  return listenToKeys({
    ...Object.fromEntries(Array.from("0123456789", (digit) => [digit, tenth(Number(digit))])),
    " ": () => replay.toggle(), k: () => replay.toggle(),
    j: () => replay.skip(-SKIP_S), l: () => replay.skip(SKIP_S),
    ArrowLeft: () => replay.skip(-1), ArrowRight: () => replay.skip(1),
    ",": () => replay.stepFrame(-1), ".": () => replay.stepFrame(1),
    Home: () => replay.seek(replay.start), End: () => replay.seek(replay.end),
    "[": () => replay.loopHere("in"), "]": () => replay.loopHere("out"),
    m: training.mirror, g: training.ghost, b: training.breaks,
  }, HELP, signal);
}
