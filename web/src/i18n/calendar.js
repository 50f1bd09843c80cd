/**
 * Calendar arithmetic on days written YYYY-MM-DD, without times.
 * Weeks begin on Monday unless stated otherwise.
 * @module
 */

const DAY_MS = 86_400_000;

/** @typedef {"DAY" | "WEEK" | "MONTH" | "YEAR"} Period */
/** @typedef {{start: string, last: string}} Stretch first and last day, inclusive */

/** @param {number} time @returns {string} */
function written(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/** @param {string} day @returns {number} its midnight in UTC */
function read(day) {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The years that the server accepts. */
const [EARLIEST_YEAR, LATEST_YEAR] = [1900, 9000];

/** Whether a text is a valid day within the supported years. @param {string} day */
export function isDay(day) {
  const year = Number(day.slice(0, 4));
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && EARLIEST_YEAR <= year && year <= LATEST_YEAR && Number.isFinite(read(day)) && written(read(day)) === day;
}

/** Today's date in a time zone. @param {string} [zone] IANA name; default is the device's zone @param {Date} [now] @returns {string} */
export function todayIn(zone, now = new Date()) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(now);
  const part = (/** @type {string} */ type) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** @param {string} day @param {number} count number of days; may be negative @returns {string} */
export function addDays(day, count) {
  return written(read(day) + count * DAY_MS);
}

/** Number of days from one day to another. @param {string} from @param {string} to */
export function daysBetween(from, to) {
  return Math.round((read(to) - read(from)) / DAY_MS);
}

/** Position of a day in its week, 0 for the first day. @param {string} day @param {number} [first] first day of the week, as in `Date.getDay`: 0 for Sunday, default Monday */
export function weekday(day, first = 1) {
  return (new Date(read(day)).getUTCDay() - first + 7) % 7;
}

/** First day of the period of a day, or of the period `away` periods later. @param {Period} period @param {string} day @param {number} [away] @returns {string} */
export function startOf(period, day, away = 0) {
  const date = new Date(read(day));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (period) {
    case "DAY": return addDays(day, away);
    case "WEEK": return addDays(day, 7 * away - weekday(day));
    case "MONTH": return written(Date.UTC(year, month + away, 1));
    case "YEAR": return written(Date.UTC(year + away, 0, 1));
  }
}

/**
 * The last `count` periods up to that of a day, oldest first.
 * @param {Period} period @param {string} day @param {number} count @returns {Stretch[]}
 */
export function periodsUntil(period, day, count) {
  return Array.from({ length: count }, (_, index) => {
    const away = index - count + 1;
    return { start: startOf(period, day, away), last: addDays(startOf(period, day, away + 1), -1) };
  });
}
