/**
 * The view of the page of figures in its address: group and range.
 * @module
 */

import { addDays } from "../i18n/calendar.js";

/** Weeks of each range; half a year is what the server returns by default. */
export const RANGES = { quarter: 13, half: 26, year: 52, years: 104 };

export const GROUPS = /** @type {const} */ (["training", "enrollments", "payments", "recommendations", "retention"]);

/** @typedef {{group: (typeof GROUPS)[number], range: keyof typeof RANGES}} View */

/** @type {View} */
const DEFAULTS = { group: "training", range: "half" };

/** Parse the view; invalid parameters get their default. @param {string} search @returns {View} */
export function viewOf(search) {
  const words = new URLSearchParams(search);
  const [group, range] = [words.get("group") ?? "", words.get("range") ?? ""];
  return {
    group: GROUPS.find((each) => each === group) ?? DEFAULTS.group,
    range: /** @type {View["range"]} */ (Object.hasOwn(RANGES, range) ? range : DEFAULTS.range),
  };
}

/** @param {View} view @returns {string} "" for the default view */
export function searchOf({ group, range }) {
  const words = new URLSearchParams();
  if (group !== DEFAULTS.group) words.set("group", group);
  if (range !== DEFAULTS.range) words.set("range", range);
  return words.size ? `?${words}` : "";
}

/** The range as parameters of the API. @param {View} view @param {string} today @returns {string} */
export function wantedOf({ range }, today) {
  return range === DEFAULTS.range ? "" : `?${new URLSearchParams({ since: addDays(today, -7 * (RANGES[range] + 1)), until: today })}`;
}
