/**
 * The view of the page of figures in its address: group and range.
 * @module
 */

import { addDays } from "../i18n/calendar.ts";

/** Weeks of each range; half a year is what the server returns by default. */
export const RANGES = { quarter: 13, half: 26, year: 52, years: 104 };

export const GROUPS = ["training", "enrollments", "payments", "recommendations", "retention"] as const;

export type View = {group: (typeof GROUPS)[number], range: keyof typeof RANGES};

const DEFAULTS: View = { group: "training", range: "half" };

/** Parse the view; invalid parameters get their default. */
export function viewOf(search: string): View {
  const words = new URLSearchParams(search);
  const [group, range] = [words.get("group") ?? "", words.get("range") ?? ""];
  return {
    group: GROUPS.find((each) => each === group) ?? DEFAULTS.group,
    range: (Object.hasOwn(RANGES, range) ? range : DEFAULTS.range) as View["range"],
  };
}

/** @returns "" for the default view */
export function searchOf({ group, range }: View): string {
  const words = new URLSearchParams();
  if (group !== DEFAULTS.group) words.set("group", group);
  if (range !== DEFAULTS.range) words.set("range", range);
  return words.size ? `?${words}` : "";
}

/** The range as parameters of the API. */
export function wantedOf({ range }: View, today: string) {
  return range === DEFAULTS.range ? "" : `?${new URLSearchParams({ since: addDays(today, -7 * (RANGES[range] + 1)), until: today })}` as const;
}
