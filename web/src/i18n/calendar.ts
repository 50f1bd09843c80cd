/**
 * Calendar arithmetic on days written YYYY-MM-DD, without times.
 * Weeks begin on Monday unless stated otherwise.
 * @module
 */

const DAY_MS = 86_400_000;
const QUARTER_HOUR_MS = 900_000;

export type Period = "DAY" | "WEEK" | "MONTH" | "YEAR";
/** first and last day, inclusive */
export type Stretch = {start: string, last: string};

function written(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** @returns its midnight in UTC */
function read(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The years that the server accepts. */
const [EARLIEST_YEAR, LATEST_YEAR] = [1900, 9000];
export const LATEST_DAY = `${LATEST_YEAR}-12-31`;

/** Whether a text is a valid day within the supported years. */
export function isDay(day: string) {
  const year = Number(day.slice(0, 4));
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && EARLIEST_YEAR <= year && year <= LATEST_YEAR && Number.isFinite(read(day)) && written(read(day)) === day;
}

/** Today's date in a time zone. @param zone IANA name; default is the device's zone */
export function todayIn(zone?: string, now: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/**
 * Today for the training of an athlete: in their time zone, or on this device if that is a day ahead, as during a journey.
 * A session counts for the day on the device that recorded it.
 */
export function trainingDay(zone?: string, now: Date = new Date()): string {
  const [here, there] = [todayIn(undefined, now), todayIn(zone, now)];
  return here > there ? here : there;
}

/**
 * The earlier of today in the time zone of an athlete and today on this device: days before it are over in both, also during a journey.
 */
export function earliestToday(zone?: string, now: Date = new Date()): string {
  const [here, there] = [todayIn(undefined, now), todayIn(zone, now)];
  return here < there ? here : there;
}

/** The moment at which a day ends in a time zone. @param zone IANA name; default is the device's zone */
export function endOf(day: string, zone?: string): Date {
  let end = read(day) + 1.5 * DAY_MS; // it is over everywhere
  while (todayIn(zone, new Date(end - QUARTER_HOUR_MS)) > day) end -= QUARTER_HOUR_MS; // offsets from UTC are whole quarters
  return new Date(end);
}

/** @param count number of days; may be negative */
export function addDays(day: string, count: number): string {
  return written(read(day) + count * DAY_MS);
}

/** Number of days from one day to another. */
export function daysBetween(from: string, to: string) {
  return Math.round((read(to) - read(from)) / DAY_MS);
}

/** Position of a day in its week, 0 for the first day. @param first first day of the week, as in `Date.getDay`: 0 for Sunday, default Monday */
export function weekday(day: string, first = 1) {
  return (new Date(read(day)).getUTCDay() - first + 7) % 7;
}

/**
 * First day of the period of a day, or of the period `away` periods later.
 * @param firstDay first day of the week, as in `Date.getDay`: 0 for Sunday, default Monday
 */
export function startOf(period: Period, day: string, away = 0, firstDay = 1): string {
  const date = new Date(read(day));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (period) {
    case "DAY": return addDays(day, away);
    case "WEEK": return addDays(day, 7 * away - weekday(day, firstDay));
    case "MONTH": return written(Date.UTC(year, month + away, 1));
    case "YEAR": return written(Date.UTC(year + away, 0, 1));
  }
}

/** The last `count` periods up to that of a day, oldest first. @param firstDay first day of the week, 0 for Sunday */
export function periodsUntil(period: Period, day: string, count: number, firstDay: number): Stretch[] {
  return Array.from({ length: count }, (_, index) => {
    const away = index - count + 1;
    return { start: startOf(period, day, away, firstDay), last: addDays(startOf(period, day, away + 1, firstDay), -1) };
  });
}
