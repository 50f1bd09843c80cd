/**
 * How pages are shown to whoever looks: kept with their account, and here for the first paint of the next page.
 * @module
 */

import { useAccountStore } from "../stores/account.js";

/** As `first-paint.js` has it. */
const STORED = "kinelog.display";

/** @typedef {{firstDay: "monday" | "saturday" | "sunday", dates: "locale" | "day_first" | "month_first", theme: "system" | "light" | "dark", contrast: "system" | "normal" | "high"}} Display */

/** @type {Display} */
export const USUAL = { firstDay: "monday", dates: "locale", theme: "system", contrast: "system" };

/** The same numbers as `Date.getDay`. */
const DAYS = { sunday: 0, monday: 1, saturday: 6 };

/** What is known, as usual where nothing is. @returns {Display & {timeZone?: string, locale?: string}} */
export function display() {
  return { ...USUAL, ...JSON.parse(globalThis.localStorage?.getItem(STORED) ?? "{}") };
}

/** Keep it, and show the page so. @param {Partial<Display> & {timeZone?: string, locale?: string}} known */
export function keepDisplay(known) {
  globalThis.localStorage?.setItem(STORED, JSON.stringify({ ...display(), ...known }));
  globalThis.dispatchEvent?.(new Event("display"));
}

/** Know nothing of how anybody wants it, and show the page as the device is set. */
export function forgetDisplay() {
  globalThis.localStorage?.removeItem(STORED);
  globalThis.dispatchEvent?.(new Event("display"));
}

/** Let the account's contrast count on this device, whatever the switch in the head said. */
export function forgetSwitch() {
  localStorage.removeItem("contrast");
}

/** The day on which weeks begin, 0 for Sunday. */
export function firstDayOfWeek() {
  return DAYS[display().firstDay];
}

/** The kind of English in which dates are written, for the pages speak English. */
export function dateLanguage() {
  const { dates, locale } = display();
  if (dates !== "locale") return dates === "month_first" ? "en-US" : "en-GB";
  return [locale ?? "", navigator.language].find((tag) => /^en-/.test(tag)) ?? "en-GB";
}

/** The zone by whose clocks times are told; undefined for that of the device. */
export function clockZone() {
  return display().timeZone;
}

useAccountStore.subscribe(({ user }) => {
  if (user) keepDisplay({ ...user.display, timeZone: user.timeZone, locale: user.locale });
});
