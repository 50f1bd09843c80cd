/**
 * The view of the health page in its address: day, metric and range.
 * @module
 */

/** Days of each range. */
export const RANGES = { "30": 30, "90": 90, year: 365, years: 1825 };

/** `day` is "" for today, and `metric` for the first one. @typedef {{day: string, metric: string, range: keyof typeof RANGES}} View */

/** @param {string} search @returns {View} */
export function viewOf(search) {
  const words = new URLSearchParams(search);
  const [day, range] = [words.get("day") ?? "", words.get("range") ?? "30"];
  return {
    day: /^\d{4}-\d\d-\d\d$/.test(day) ? day : "",
    metric: words.get("metric") ?? "",
    range: /** @type {View["range"]} */ (Object.hasOwn(RANGES, range) ? range : "30"),
  };
}

/** @param {View} view @returns {string} "" for the default view */
export function searchOf({ day, metric, range }) {
  const words = new URLSearchParams();
  if (day) words.set("day", day);
  if (metric) words.set("metric", metric);
  if (range !== "30") words.set("range", range);
  return words.size ? `?${words}` : "";
}
