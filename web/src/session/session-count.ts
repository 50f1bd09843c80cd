/**
 * The amount of a session in lists: repetitions, or the time of a hold.
 * @module
 */

import { clock } from "../i18n/format.ts";
import { h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

export function sessionCount({ repetitionCount, sets }: {repetitionCount: number, sets: {holdMs: number}[]}) {
  const heldMs = sets.reduce((sum, { holdMs }) => sum + holdMs, 0);
  const isHold = repetitionCount === 0 && heldMs > 0;
  return h("p", { class: "session-count" },
    isHold ? h("b", { class: "clock" }, clock(heldMs / 1000)) : h("b", null, repetitionCount),
    h("span", null, isHold ? t("count-held") : t("count-of-reps", { count: repetitionCount })));
}
