/**
 * Heat map of a year: one square per day, filled by training time.
 * @module
 */

import { addDays, daysBetween, startOf, weekday } from "../i18n/calendar.js";
import { firstDayOfWeek } from "../i18n/display-settings.js";
import { svg } from "../ui/dom.js";
import { calendarDay, length } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { rove } from "../ui/roving-focus.js";
import { sessionListUrl } from "./filters.js";

const STEP = 20;
const SIDE = 17;
const LEFT = 30;
const TOP = 16;
/** Sizes of the filled square by level, relative to the longest day. */
export const LEVELS = [0, 7, 10, 13.5, SIDE];

const LONG = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** @typedef {{start: string, sessions: number, repetitions: number, durationMs: number, caloriesKcal: number}} Day */

/** Keyboard navigation: days in a column, weeks across columns. @type {import("../ui/roving-focus.js").KeyMap} */
const AROUND = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  ArrowLeft: (at) => at - 7,
  ArrowRight: (at) => at + 7,
  PageUp: (at) => at - 28,
  PageDown: (at) => at + 28,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Describe a day. @param {string} day @param {Day | undefined} trained */
export function dayInWords(day, trained) {
  const facts = trained ? [t("count-sessions", { count: trained.sessions }), t("count-repetitions", { count: trained.repetitions }), length(trained.durationMs)] : [t("history-day-none")];
  return `${calendarDay(day, LONG)}: ${facts.join(", ")}`;
}

/** Level of a day: 0 without training, otherwise 1 to 4. @param {Day | undefined} trained @param {number} longestMs */
export function levelOf(trained, longestMs) {
  if (!trained) return 0;
  return longestMs ? Math.max(1, Math.ceil((4 * trained.durationMs) / longestMs)) : 1;
}

/** Draw a square filled to a level. @param {number} x @param {number} y @param {number} level */
export function square(x, y, level) {
  const side = LEVELS[level];
  const gap = (SIDE - side) / 2;
  return [
    svg("rect", { class: "day", x, y, width: SIDE, height: SIDE, rx: 3 }),
    level > 0 && svg("rect", { class: "filled", x: x + gap, y: y + gap, width: side, height: side, rx: 2 }),
  ];
}

/**
 * @param {{since: string, until: string, today: string}} range
 * @param {Map<string, Day>} trained by day
 * @param {(words: string) => void} onFocus called with the description of the day in focus
 * @returns {SVGSVGElement}
 */
export function heatMap({ since, until, today }, trained, onFocus) {
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

/** Month names, each above the week in which the month begins. @param {string} left the first day of the first week @param {string} since @param {string} until */
function monthNames(left, since, until) {
  const firsts = [];
  for (let day = startOf("MONTH", since, 1); day <= until; day = startOf("MONTH", day, 1)) firsts.push(day);
  return firsts.map((day) => svg("text", { x: LEFT + STEP * Math.floor(daysBetween(left, day) / 7), y: 11 }, calendarDay(day, { month: "short" })));
}
