/**
 * Note on the home page about workouts that a trainer has assigned.
 * @module
 */

import { Problem } from "../api/client.ts";
import { calendarDay } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";

/** Show how many workouts are open, and the first day. @param overview what the page loads when it opens */
export async function showAssignedNote(overview: Promise<{assigned?: {dueOn: string}[]}>) {
  try {
    const { assigned = [] } = await overview;
    const note = byId("assigned-note");
    note.hidden = assigned.length === 0;
    if (assigned.length === 0) return;
    const day = calendarDay(assigned[0].dueOn, { weekday: "long", day: "numeric", month: "long" });
    note.replaceChildren(h("a", { href: "/workout_player.html" }, t("home-assigned", { count: assigned.length, day })));
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the list of sessions shows the problem
  }
}
