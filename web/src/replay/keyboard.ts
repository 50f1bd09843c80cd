/**
 * Keyboard shortcuts of the replay page.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { listenToKeys } from "../ui/player-keys.ts";
import type { Replay } from "./replay.ts";

const SKIP_S = 10;

const HELP = [
  [t("keys-space"), t("key-play")], ["J, L", t("replay-key-10s")], ["←, →", t("key-1s")], [", .", t("key-frame")],
  ["Home, End", t("key-ends")], ["0 – 9", t("key-share")], ["[, ]", t("key-loop")],
  ["Enter", t("replay-key-enter")], ["M", t("replay-key-mirror")], ["G", t("replay-key-ghost")], ["B", t("replay-key-breaks")],
];

/**
 * Handle the keys until the signal aborts.
 * @returns the list of keys, with the checkbox that enables them
 */
export function replayKeys(replay: Replay, training: {mirror: () => void, ghost: () => void, breaks: () => void}, signal: AbortSignal): HTMLElement {
  const tenth = (digit: number) => () => replay.seek(replay.start + ((replay.end - replay.start) * digit) / 10);
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
