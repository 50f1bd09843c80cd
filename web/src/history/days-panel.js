/**
 * Training days panel: a heat map of the year, and streaks.
 * @module
 */

import "./texts.js";
import { graphql } from "../api/client.js";
import { addDays, startOf } from "../i18n/calendar.js";
import { byId, h, svg } from "../ui/dom.js";
import { calendarDay, energy, length } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { TRAINING_DAYS } from "../api/queries.js";
import { behindToggle, table } from "../ui/data-table.js";
import { heatMap, square } from "./heatmap.js";
import { Panel } from "./panel.js";
import { sessionListUrl } from "./filters.js";

/** @typedef {import("./filters.js").View} View */
/** @typedef {import("../api/graphql.js").Result<typeof TRAINING_DAYS>} Result */
/** @typedef {NonNullable<Result["streaks"]["current"]>} Streak */

const LAST_YEAR = t("history-last-year");
const DATED = /** @type {const} */ ({ day: "numeric", month: "long", year: "numeric" });

/** First and last day of the map. @param {string} year "" for the last twelve months @param {string} today */
export function rangeOf(year, today) {
  if (!year) return { since: startOf("WEEK", today, -52), until: today };
  return { since: `${year}-01-01`, until: `${year}-12-31` };
}

/** The panel #days. */
export class DaysPanel {
  /** @param {(change: Partial<View>) => void} go */
  constructor(go) {
    this.panel = new Panel(byId("days-body"));
    this.year = h("select", { id: "year", onchange: () => go({ year: this.year.value }) }, h("option", { value: "" }, LAST_YEAR));
    byId("days-head").append(h("label", { class: "field inline", for: "year" }, h("span", null, t("home-show")), this.year));
  }

  /** @param {View} view @param {{id: string, today: string}} context */
  show({ year }, { id, today }) {
    const range = rangeOf(year, today);
    return this.panel.fill(
      () => graphql(TRAINING_DAYS, { athlete: id, from: range.since, to: addDays(range.until, 1), today }),
      ({ days, years, streaks }) => {
        this.offer(years.map((each) => each.start.slice(0, 4)), year, today.slice(0, 4));
        return this.draw({ ...range, today }, days, streaks);
      });
  }

  /** @param {string[]} trained @param {string} shown @param {string} now */
  offer(trained, shown, now) {
    const all = [...new Set([...trained, now, ...(shown ? [shown] : [])])].sort().reverse();
    this.year.replaceChildren(h("option", { value: "" }, LAST_YEAR), ...all.map((year) => h("option", { value: year }, year)));
    this.year.value = shown;
  }

  /** @param {{since: string, until: string, today: string}} range @param {import("./heatmap.js").Day[]} days @param {Result["streaks"]} streaks */
  draw(range, days, streaks) {
    const looked = h("p", { class: "heatmap-detail muted" }, days.length ? t("history-days-hint") : t("history-no-days"));
    const map = heatMap(range, new Map(days.map((day) => [day.start, day])), (words) => { looked.textContent = words; });
    const place = h("div", { class: "heatmap-scroll" }, map);
    queueMicrotask(() => { place.scrollLeft = place.scrollWidth; }); // the newest days are on the right
    const rows = days.toReversed().map((day) => [calendarDay(day.start, DATED), h("a", { href: sessionListUrl({ since: day.start, until: day.start }) }, day.sessions), day.repetitions, length(day.durationMs), energy(day.caloriesKcal)]);
    return [
      h("dl", { class: "totals-now streaks" }, streakFact(t("history-current-streak"), streaks.current, t("history-start-streak")), streakFact(t("history-longest-streak"), streaks.longest, t("history-no-streak"))),
      place,
      h("div", { class: "heatmap-footer" }, looked, legend()),
      days.length > 0 && h("div", { class: "panel-foot" }, behindToggle(t("history-days-table"), table(t("history-days-newest"), [t("period-day"), t("nav-sessions"), t("history-repetitions"), t("time"), t("energy")], rows))),
    ];
  }
}

/** @param {string} name @param {Streak | null} streak @param {string} otherwise */
function streakFact(name, streak, otherwise) {
  if (!streak) return h("div", null, h("dt", null, name), h("dd", null, t("count-days", { count: 0 }), h("small", null, otherwise)));
  const { start, end, days } = streak;
  const when = start === end ? calendarDay(start, DATED) : t("history-range", { from: calendarDay(start, DATED), until: calendarDay(end, DATED) });
  return h("div", null, h("dt", null, name), h("dd", null, h("a", { href: sessionListUrl({ since: start, until: end }) }, t("count-days", { count: days })), h("small", null, when)));
}

function legend() {
  return h("p", { class: "legend muted" }, t("history-legend-none"),
    svg("svg", { class: "heatmap", viewBox: "0 0 105 20", role: "img", "aria-label": t("history-legend") }, [0, 1, 2, 3, 4].map((level) => square(2 + 21 * level, 1.5, level))),
    t("history-legend-most"));
}
