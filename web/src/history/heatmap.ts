/**
 * Heat map of a year: one square per day, filled by training time.
 * @module
 */

import { addDays, daysBetween, startOf, weekday } from "../i18n/calendar.ts";
import { firstDayOfWeek } from "../i18n/display-settings.ts";
import { svg } from "../ui/dom.ts";
import { calendarDay, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { rove, type KeyMap } from "../ui/roving-focus.ts";
import { sessionListUrl } from "./filters.ts";

const STEP = 20;
const SIDE = 17;
const LEFT = 30;
const TOP = 16;
/** Sizes of the filled square by level, relative to the longest day. */
export const LEVELS = [0, 7, 10, 13.5, SIDE];

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;

export type Day = {start: string, sessions: number, repetitions: number, durationMs: number, caloriesKcal: number};

/** Keyboard navigation: days in a column, weeks across columns. */
const AROUND: KeyMap = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  ArrowLeft: (at) => at - 7,
  ArrowRight: (at) => at + 7,
  PageUp: (at) => at - 28,
  PageDown: (at) => at + 28,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Describe a day. */
export function dayInWords(day: string, trained: Day | undefined) {
  const facts = trained ? [t("count-sessions", { count: trained.sessions }), t("count-repetitions", { count: trained.repetitions }), length(trained.durationMs)] : [t("history-day-none")];
  return `${calendarDay(day, LONG)}: ${facts.join(", ")}`;
}

/** Level of a day: 0 without training, otherwise 1 to 4. */
export function levelOf(trained: Day | undefined, longestMs: number) {
  if (!trained) return 0;
  return longestMs ? Math.max(1, Math.ceil((4 * trained.durationMs) / longestMs)) : 1;
}

/** Draw a square filled to a level. */
export function square(x: number, y: number, level: number) {
  const side = LEVELS[level];
  const gap = (SIDE - side) / 2;
  return [
    svg("rect", { class: "day", x, y, width: SIDE, height: SIDE, rx: 3 }),
    level > 0 && svg("rect", { class: "filled", x: x + gap, y: y + gap, width: side, height: side, rx: 2 }),
  ];
}

/**
 * @param trained by day
 * @param onFocus called with the description of the day in focus
 */
export function heatMap({ since, until, today }: {since: string, until: string, today: string}, trained: Map<string, Day>, onFocus: (words: string) => void): SVGSVGElement {
  const first = firstDayOfWeek();
  const left = addDays(since, -weekday(since, first));
  const count = daysBetween(since, until) + 1;
  const weeks = Math.floor(daysBetween(left, until) / 7) + 1;
  const longest = [...trained.values()].reduce((most, day) => Math.max(most, day.durationMs), 0);
  const days = Array.from({ length: count }, (_, at) => addDays(since, at));
  const drawn = days.map((day) => {
    const x = LEFT + STEP * Math.floor(daysBetween(left, day) / 7);
    const y = TOP + STEP * weekday(day, first);
    const entry = trained.get(day);
    const words = dayInWords(day, entry);
    const what = entry ? { href: sessionListUrl({ since: day, until: day }) } : { role: "img" };
    const look = () => onFocus(words);
    return svg(entry ? "a" : "g", { "aria-label": words, "data-day": day, class: day === today ? "today" : null, onfocus: look, onmouseenter: look, ...what },
      svg("rect", { class: "hit-area", x, y, width: STEP, height: STEP }), square(x + 1.5, y + 1.5, levelOf(entry, longest)));
  });
  const map = svg("svg", { class: "heatmap", viewBox: `0 0 ${LEFT + STEP * weeks} ${TOP + 7 * STEP}`, role: "group", "aria-label": t("history-days-map") },
    svg("g", { "aria-hidden": "true" }, monthNames(left, since, until), [0, 2, 4, 6].map((row) => svg("text", { x: 0, y: TOP + STEP * row + 14 }, calendarDay(addDays(left, row), { weekday: "short" })))),
    drawn);
  const now = days.indexOf(today);
  rove(map, drawn, now < 0 ? count - 1 : now, AROUND);
  return map;
}

/** The months that begin within a range, by their first days. */
export function monthsWithin(since: string, until: string) {
  const firsts = [];
  for (let day = startOf("MONTH", addDays(since, -1), 1); day <= until; day = startOf("MONTH", day, 1)) firsts.push(day);
  return firsts;
}

/** Month names, each above the week in which the month begins. @param left the first day of the first week */
function monthNames(left: string, since: string, until: string) {
  return monthsWithin(since, until).map((day) => svg("text", { x: LEFT + STEP * Math.floor(daysBetween(left, day) / 7), y: 11 }, calendarDay(day, { month: "short" })));
}
