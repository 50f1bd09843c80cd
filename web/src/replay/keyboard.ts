/**
 * Keyboard shortcuts of the player.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { listenToKeys } from "../ui/player-keys.ts";
import type { Replay } from "./replay.ts";

const SKIP_S = 10;

/** Recordings shorter than this are skipped through in smaller steps. */
const SHORT_S = 60;
const SHORT_SKIP_S = 2;

/** `key`: in lower case; `help`: its name, and what it does */
export type Key = {key: string, act: () => void, help: [string, string]};

const HELP = [
  [t("keys-space"), t("key-play")], ["J, L", t("key-10s")], ["←, →", t("key-1s")], [", .", t("key-frame")],
  ["Home, End", t("key-ends")], ["0 – 9", t("key-share")], ["[, ]", t("key-loop")], ["Enter", t("replay-key-enter")],
];

/**
 * Handle the keys until the signal aborts.
 * @returns the list of keys, with the checkbox that enables them
 */
export function replayKeys(replay: Replay, others: Key[], signal: AbortSignal): HTMLElement {
  const tenth = (digit: number) => () => replay.seek(replay.start + ((replay.end - replay.start) * digit) / 10);
  const skip = (direction: 1 | -1) => () => replay.skip(direction * (replay.end - replay.start < SHORT_S ? SHORT_SKIP_S : SKIP_S));
  return listenToKeys({
    ...Object.fromEntries(Array.from("0123456789", (digit) => [digit, tenth(Number(digit))])),
    " ": () => replay.toggle(), k: () => replay.toggle(),
    j: skip(-1), l: skip(1),
    ArrowLeft: () => replay.skip(-1), ArrowRight: () => replay.skip(1),
    ",": () => replay.stepFrame(-1), ".": () => replay.stepFrame(1),
    Home: () => replay.seek(replay.start), End: () => replay.seek(replay.end),
    "[": () => replay.loopHere("in"), "]": () => replay.loopHere("out"),
    ...Object.fromEntries(others.map(({ key, act }) => [key, act])),
  }, [...HELP, ...others.map(({ help }) => help)], signal);
}
