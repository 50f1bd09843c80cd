/**
 * The keys of the replay.
 * @module
 */

import { listenToKeys } from "../ui/player-keys.js";

const SKIP_S = 10;

const HELP = [
  ["Space, K", "play or pause"], ["J, L", "10 s back or on"], ["←, →", "1 s back or on"], [", .", "one frame back or on"],
  ["Home, End", "beginning, end"], ["0 – 9", "tenths of the recording"], ["[, ]", "loop from here, loop until here"],
  ["Enter", "on the timeline: loop this repetition, or stop"], ["M", "mirror the recording"], ["G", "ghost on or off"], ["B", "skip breaks, or show them"],
];

/**
 * Listen to keys until the signal aborts.
 * @param {import("./replay.js").Replay} replay
 * @param {{mirror: () => void, ghost: () => void, breaks: () => void}} training
 * @param {AbortSignal} signal
 * @returns {HTMLElement} the list of keys, with their switch
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
