/**
 * Exercises panel: sums per exercise for the period that the totals show.
 * @module
 */

import { graphql, type Exercise } from "../api/client.ts";
import { addDays } from "../i18n/calendar.ts";
import { byId, h } from "../ui/dom.ts";
import { calendarDay, decimal, length, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { weight, type Units } from "../i18n/units.ts";
import { EXERCISE_SUMS } from "../api/queries.ts";
import { sideways, table } from "../ui/data-table.ts";
import { Panel } from "./panel.ts";
import { stretches } from "./totals-panel.ts";
import { sessionListUrl, type View } from "./filters.ts";
import type { Result } from "../api/graphql.ts";

const DATED = { day: "numeric", month: "short", year: "numeric" } as const;

type Sums = Result<typeof EXERCISE_SUMS>["exerciseSums"];

/** Note that a statistic used only some of the sessions; false if it used all. */
export function capped(used: number, total: number) {
  return used < total && h("p", { class: "capped" }, t("history-capped", { used, total }));
}

/** The panel #exercises. */
export class ExercisesPanel {
  panel: Panel;

  constructor() {
    this.panel = new Panel(byId("exercises-body"));
  }

  show(view: View, context: {id: string, today: string, exercises: Map<string, Exercise>, units: Units}) {
    const shown = stretches(view, context.today);
    const range = { since: shown[0].start, until: shown[shown.length - 1].last };
    return this.panel.fill(
      () => graphql(EXERCISE_SUMS, { athlete: context.id, from: range.since, to: addDays(range.until, 1) }),
      ({ exerciseSums }) => this.draw(range, exerciseSums, context));
  }

  draw(range: {since: string, until: string}, { sessionsUsed: used, sessionsTotal: total, items }: Sums, { exercises, units }: {exercises: Map<string, Exercise>, units: Units}) {
    const when = { from: calendarDay(range.since, DATED), until: calendarDay(range.until, DATED) };
    if (!items.length) return [h("p", { class: "muted" }, t("history-no-training", when))];
    const rows = items.map((sum) => [
      exercises.get(sum.exerciseId)?.name ?? words(sum.exerciseId),
      h("a", { href: sessionListUrl({ ...range, exercise: sum.exerciseId }) }, sum.sessions),
      sum.sets, sum.repetitions || "–", sum.repetitions ? sum.verifiedRepetitions : "–",
      sum.repetitions ? decimal(sum.repetitions / sum.sets, 1) : "–",
      sum.heldMs ? heldWords(sum) : "–",
      sum.volumeKg ? weight(sum.volumeKg, units) : "–",
    ]);
    const names = [t("exercise"), t("nav-sessions"), t("history-sets"), t("reps"), t("verified"), t("history-reps-a-set"), t("history-held"), t("history-volume")];
    return [capped(used, total), h("p", { class: "muted" }, t("history-exercises-what", when)), sideways(t("history-sums-by-exercise"), table(t("history-sums-by-exercise"), names, rows))];
  }
}

function heldWords({ heldMs, verifiedHeldMs }: Sums["items"][number]) {
  return heldMs === verifiedHeldMs ? length(heldMs) : t("history-held-verified", { held: length(heldMs), verified: length(verifiedHeldMs) });
}
