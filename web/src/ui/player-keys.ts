/**
 * Keyboard shortcuts of the players. They can be switched off (WCAG 2.1.4).
 * @module
 */

import { h } from "./dom.ts";
import { t } from "../i18n/l10n.ts";
import type { Player } from "../session/video-player.ts";

const STORED = "kinelog.keys";

/** Videos shorter than this are skipped through in smaller steps. */
const SHORT_FILM_S = 60;

const HELP = [
  [t("keys-space"), t("key-play")], ["J, L", t("key-10s")], ["←, →", t("key-1s")],
  [", .", t("key-frame")], ["Home, End", t("key-ends")], ["0 – 9", t("key-share")],
  ["[, ]", t("key-loop")], ["S", t("key-skeleton")],
];

function actions(player: Player): Record<string, () => void> {
  const skip = () => (player.duration < SHORT_FILM_S ? 2 : 10);
  const tenths = Object.fromEntries(Array.from("0123456789", (digit) => [digit, () => player.seek((player.duration * Number(digit)) / 10)]));
  const end = () => player.loop?.end ?? player.duration;
  return {
    ...tenths,
    " ": () => player.toggle(), k: () => player.toggle(),
    j: () => player.skip(-skip()), l: () => player.skip(skip()),
    ArrowLeft: () => player.skip(-1), ArrowRight: () => player.skip(1),
    ",": () => player.stepFrame(-1), ".": () => player.stepFrame(1),
    Home: () => player.seek(0), End: () => player.seek(player.duration),
    "[": () => player.setLoop({ start: player.time, end: Math.max(end(), player.time + 0.2) }),
    "]": () => player.setLoop({ start: Math.min(player.loop?.start ?? 0, player.time - 0.2), end: player.time }),
    s: () => player.toggleSkeleton(),
  };
}

/** Whether the focused element uses the key itself. */
function isTaken(event: KeyboardEvent) {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, dialog")) return true;
  return event.key === " " && target.closest("button, a, summary") !== null;
}

/**
 * Handle the keys of a video player until the signal aborts.
 * @returns the list of keys, with the checkbox that enables them
 */
export function playerKeys(player: Player, signal: AbortSignal): HTMLElement {
  return listenToKeys(actions(player), HELP, signal);
}

/**
 * Handle keys until the signal aborts.
 * @param act action by key; letters are lower case
 * @param help keys and their descriptions
 * @returns the list of keys, with the checkbox that enables them
 */
export function listenToKeys(act: Record<string, () => void>, help: string[][], signal: AbortSignal): HTMLElement {
  const on = h("input", { type: "checkbox", id: "keys-on", checked: localStorage.getItem(STORED) !== "off" });
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onCurve = (event.target as HTMLElement).closest("[role=slider]") !== null;
    if (!(key in act) || isTaken(event) || (!on.checked && !onCurve)) return;
    event.preventDefault();
    act[key]();
  }, { signal });
  return h("details", { class: "shortcuts" }, h("summary", null, t("keyboard-shortcuts")),
    h("label", { class: "check", for: "keys-on" }, on, t("use-shortcuts")),
    h("dl", null, help.map(([keys, does]) => h("div", null, h("dt", null, h("kbd", null, keys)), h("dd", null, does)))));
}
