/**
 * The amount of a session in lists: repetitions, or the time of a hold.
 * @module
 */

import { clock } from "../i18n/format.ts";
import { h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

type Counted = {repetitionCount: number, sets: {holdMs: number}[]};

export function sessionCount(session: Counted) {
  const held = heldTime(session);
  return h("p", { class: "session-count" },
    held ? h("b", { class: "clock" }, held) : h("b", null, session.repetitionCount),
    h("span", null, held ? t("count-held") : t("count-of-reps", { count: session.repetitionCount })));
}

/** The time of a hold, such as "1:00"; null for a session with repetitions, or without both. */
export function heldTime({ repetitionCount, sets }: Counted) {
  const heldMs = sets.reduce((sum, { holdMs }) => sum + holdMs, 0);
  return repetitionCount === 0 && heldMs > 0 ? clock(heldMs / 1000) : null;
}
