/**
 * Training days panel: a heat map of the year, and streaks.
 * @module
 */

import "./texts.ts";
import { graphql } from "../api/client.ts";
import { addDays, startOf } from "../i18n/calendar.ts";
import { firstDayOfWeek } from "../i18n/display-settings.ts";
import { byId, h, svg } from "../ui/dom.ts";
import { calendarDay, energy, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { TRAINING_DAYS } from "../api/queries.ts";
import { behindToggle, table } from "../ui/data-table.ts";
import { heatMap, square, type Day } from "./heatmap.ts";
import { Panel } from "./panel.ts";
import { sessionListUrl, type View } from "./filters.ts";

type Result = import("../api/graphql.ts").Result<typeof TRAINING_DAYS>;
type Streak = NonNullable<Result["streaks"]["current"]>;

const LAST_YEAR = t("history-last-year");
const DATED = { day: "numeric", month: "long", year: "numeric" } as const;

/** First and last day of the map. @param year "" for the last twelve months */
export function rangeOf(year: string, today: string) {
  if (!year) return { since: startOf("WEEK", today, -52, firstDayOfWeek()), until: today };
  return { since: `${year}-01-01`, until: `${year}-12-31` };
}

/** The panel #days. */
export class DaysPanel {
  panel: Panel;
  year: HTMLSelectElement;

  constructor(go: (change: Partial<View>) => void) {
    this.panel = new Panel(byId("days-body"));
    this.year = h("select", { id: "year", onchange: () => go({ year: this.year.value }) }, h("option", { value: "" }, LAST_YEAR));
    byId("days-head").append(h("label", { class: "field inline", for: "year" }, h("span", null, t("home-show")), this.year));
  }

  /** @param who with the days that the calendar and the streak end with, `today` and `streakDay` */
  show({ year }: View, { id, today, streakDay }: {id: string, today: string, streakDay: string}) {
    const range = rangeOf(year, today);
    return this.panel.fill(
      () => graphql(TRAINING_DAYS, { athlete: id, from: range.since, to: addDays(range.until, 1), today: streakDay }),
      ({ days, years, streaks }) => {
        this.offer(years.map((each) => each.start.slice(0, 4)), year, today.slice(0, 4));
        return this.draw({ ...range, today }, days, streaks);
      });
  }

  offer(trained: string[], shown: string, now: string) {
    const all = [...new Set([...trained, now, ...(shown ? [shown] : [])])].sort().reverse();
    this.year.replaceChildren(h("option", { value: "" }, LAST_YEAR), ...all.map((year) => h("option", { value: year }, year)));
    this.year.value = shown;
  }

  draw(range: {since: string, until: string, today: string}, days: Day[], streaks: Result["streaks"]) {
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

function streakFact(name: string, streak: Streak | null, otherwise: string) {
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
