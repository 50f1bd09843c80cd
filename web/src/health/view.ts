/**
 * The view of the health page in its address: day, metric and range.
 * @module
 */

/** Days of each range. */
export const RANGES = { "30": 30, "90": 90, year: 365, years: 1825 };

/** `day` is "" for today, and `metric` for the first one. */
export type View = {day: string, metric: string, range: keyof typeof RANGES};

export function viewOf(search: string): View {
  const words = new URLSearchParams(search);
  const [day, range] = [words.get("day") ?? "", words.get("range") ?? "30"];
  return {
    day: /^\d{4}-\d\d-\d\d$/.test(day) ? day : "",
    metric: words.get("metric") ?? "",
    range: (Object.hasOwn(RANGES, range) ? range : "30") as View["range"],
  };
}

/** @returns "" for the default view */
export function searchOf({ day, metric, range }: View): string {
  const words = new URLSearchParams();
  if (day) words.set("day", day);
  if (metric) words.set("metric", metric);
  if (range !== "30") words.set("range", range);
  return words.size ? `?${words}` : "";
}
