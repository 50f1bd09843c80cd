/**
 * Exercises panel: sums per exercise for the period that the totals show.
 * @module
 */

import { graphql } from "../api/client.js";
import { addDays } from "../i18n/calendar.js";
import { byId, h } from "../ui/dom.js";
import { calendarDay, decimal, length, words } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { weight } from "../i18n/units.js";
import { EXERCISE_SUMS } from "../api/queries.js";
import { sideways, table } from "../ui/data-table.js";
import { Panel } from "./panel.js";
import { stretches } from "./totals-panel.js";
import { sessionListUrl } from "./filters.js";

const DATED = /** @type {const} */ ({ day: "numeric", month: "short", year: "numeric" });

/** @typedef {import("../api/graphql.js").Result<typeof EXERCISE_SUMS>["exerciseSums"]} Sums */

/** Note that a statistic used only some of the sessions; false if it used all. @param {number} used @param {number} total */
export function capped(used, total) {
  return used < total && h("p", { class: "capped" }, t("history-capped", { used, total }));
}

/** The panel #exercises. */
export class ExercisesPanel {
  constructor() {
    this.panel = new Panel(byId("exercises-body"));
  }

  /** @param {import("./filters.js").View} view @param {{id: string, today: string, exercises: Map<string, import("../api/client.js").Exercise>, units: import("../i18n/units.js").Units}} context */
  show(view, context) {
    const shown = stretches(view, context.today);
    const range = { since: shown[0].start, until: shown[shown.length - 1].last };
    return this.panel.fill(
      () => graphql(EXERCISE_SUMS, { athlete: context.id, from: range.since, to: addDays(range.until, 1) }),
      ({ exerciseSums }) => this.draw(range, exerciseSums, context));
  }

  /** @param {{since: string, until: string}} range @param {Sums} sums @param {any} context */
  draw(range, { sessionsUsed: used, sessionsTotal: total, items }, { exercises, units }) {
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

/** @param {Sums["items"][number]} sum */
function heldWords({ heldMs, verifiedHeldMs }) {
  return heldMs === verifiedHeldMs ? length(heldMs) : t("history-held-verified", { held: length(heldMs), verified: length(verifiedHeldMs) });
}
