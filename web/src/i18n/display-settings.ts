/**
 * Display settings of the user: stored with the account, cached in this browser for the next first paint.
 * @module
 */

import { useAccountStore } from "../stores/account.ts";
import { storeValue } from "../stores/browser-storage.ts";

/** The same key as in `first-paint.js`. */
const STORED = "kinelog.display";

export type Display = {firstDay: "monday" | "saturday" | "sunday", dates: "locale" | "day_first" | "month_first", theme: "system" | "light" | "dark", contrast: "system" | "normal" | "high"};

export const USUAL: Display = { firstDay: "monday", dates: "locale", theme: "system", contrast: "system" };

/** Days as numbers of `Date.getDay`. */
const DAYS = { sunday: 0, monday: 1, saturday: 6 };

/** The stored settings, with defaults for what is missing. */
export function display(): Display & {timeZone?: string, locale?: string} {
  return { ...USUAL, ...JSON.parse(globalThis.localStorage?.getItem(STORED) ?? "{}") };
}

/** Store settings and apply them to the page. */
export function storeDisplay(changes: Partial<Display> & {timeZone?: string, locale?: string}) {
  storeValue(STORED, JSON.stringify({ ...display(), ...changes }));
  globalThis.dispatchEvent?.(new Event("display"));
}

/** Remove the stored settings and apply the defaults. */
export function clearDisplay() {
  globalThis.localStorage?.removeItem(STORED);
  globalThis.dispatchEvent?.(new Event("display"));
}

/** Remove the contrast chosen on this device, so that the account's setting applies. */
export function clearContrastSwitch() {
  localStorage.removeItem("contrast");
}

/** First day of the week, 0 for Sunday. */
export function firstDayOfWeek() {
  return DAYS[display().firstDay];
}

/** The locale of a language, with the region of the account or the browser if they have one for it. */
export function localeOf(language: string) {
  const regional = [display().locale ?? "", globalThis.navigator?.language ?? ""].find((tag) => tag.startsWith(`${language}-`));
  return regional ?? (language === "en" ? "en-GB" : language);
}

/** The locale for dates. In other languages than English, the order of day and month is that of the language. */
export function dateLanguage() {
  const language = globalThis.document?.documentElement?.lang || "en";
  const { dates } = display();
  if (language === "en" && dates !== "locale") return dates === "month_first" ? "en-US" : "en-GB";
  return localeOf(language);
}

/** The time zone for times; undefined means the device's zone. */
export function clockZone() {
  return display().timeZone;
}

useAccountStore.subscribe(({ user }) => {
  if (user) storeDisplay({ ...user.display, timeZone: user.timeZone, locale: user.locale });
});
