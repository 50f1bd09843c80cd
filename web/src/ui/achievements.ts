/**
 * Achievements: names, progress texts, icons and API calls.
 * @module
 */

import { request } from "../api/client.ts";
import { h, svg } from "./dom.ts";
import { length, percent, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

export type Next = {kind: "badge" | "trophy", name: string, tier: "bronze" | "silver" | "gold" | null, measure: string, least: number, figure: number};
export type Achievement = Next & {sessionId: string, earnedAt: string};

/** Display names by achievement name; an unknown name is shown as it is. */
const NAMES: Record<string, string> = {
  first_workout: t("badge-first-workout"),
  first_record: t("badge-first-record"),
  clean_form: t("badge-clean-form"),
  all_round: t("badge-all-round"),
  workouts: t("badge-workouts"),
  repetitions: t("badge-repetitions"),
  days_in_a_row: t("badge-days-in-a-row"),
  weeks_in_a_row: t("badge-weeks-in-a-row"),
  records: t("badge-records"),
  variety: t("badge-variety"),
  hold: t("badge-hold"),
};

/** Formats a figure with its unit, by measure. */
const FIGURES: Record<string, (figure: number) => string> = {
  workouts: (figure) => t("count-workouts", { count: figure }),
  repetitions: (figure) => t("count-repetitions", { count: figure }),
  days_in_a_row: (figure) => t("days-in-a-row", { count: figure }),
  weeks_in_a_row: (figure) => t("weeks-in-a-row", { count: figure }),
  records: (figure) => t("count-records", { count: figure }),
  exercises: (figure) => t("count-exercises", { count: figure }),
  exercises_in_a_workout: (figure) => t("exercises-in-a-workout", { count: figure }),
  hold_s: (figure) => t("held-for", { length: length(1000 * figure) }),
  form: (figure) => t("form-in-a-workout", { form: percent(figure) }),
};

/** Delays between polls until the server has evaluated a session, which takes a second or two. */
const PAUSES_MS = [200, 300, 500, 1000, 1000, 1000, 2000, 2000, 2000, 2000];

export function title({ name, tier }: Next) {
  const called = NAMES[name] ?? words(name);
  return tier === null ? called : `${called}: ${t(`tier-${tier}`)}`;
}

export function figureWords(measure: string, figure: number) {
  return FIGURES[measure]?.(figure) ?? `${words(measure)}: ${figure}`;
}

/** Cut a share to whole percents: one that is just short of its goal must not look like the goal. */
const wholePercents = (share: number) => Math.floor(100 * share + 1e-9) / 100;

/** Describe the progress towards an achievement. */
export function progressWords({ measure, figure: reached, least }: Next) {
  const figure = Math.min(reached, least); // never more than the goal, which the server is about to award
  if (measure === "form") return t("form-progress", { figure: percent(wholePercents(figure)), goal: percent(least) });
  return measure === "hold_s" ? t("held-progress", { figure: length(1000 * figure), goal: length(1000 * least) }) : t("some-of", { figure, goal: figureWords(measure, least) });
}

const SHAPES = {
  badge: () => svg("path", { d: "M12 2.5l2.9 6 6.6.8-4.9 4.5 1.3 6.5L12 17l-5.9 3.3 1.3-6.5L2.5 9.3l6.6-.8z" }),
  trophy: () => svg("path", { d: "M7 3h10v2h4v3a4 4 0 0 1-4.3 4A5 5 0 0 1 13 14.9V18h4v3H7v-3h4v-3.1A5 5 0 0 1 7.3 12 4 4 0 0 1 3 8V5h4zM5 7v1a2 2 0 0 0 2 2V7zm14 0h-2v3a2 2 0 0 0 2-2z", "fill-rule": "evenodd" }),
};

/** Draw the icon of an achievement. Its shape shows the kind; the text beside it names the tier. */
export function mark({ kind, tier }: Next) {
  return h("span", { class: `medal ${tier ?? kind}`, "aria-hidden": "true" }, svg("svg", { viewBox: "0 0 24 24", focusable: "false" }, SHAPES[kind]()));
}

/**
 * Get the achievements of a session; null if the server has not evaluated it in time.
 * @throws {Problem}
 */
export async function getSessionAchievements(session: string, signal: AbortSignal): Promise<Achievement[] | null> {
  for (const pause of [...PAUSES_MS, null]) {
    const { checked, items } = await request(`/v1/sessions/${encodeURIComponent(session)}/achievements`, { signal });
    if (checked) return items;
    if (pause !== null) await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
  return null;
}

/** List one page of achievements, newest first. */
export async function earned(after: string | null, signal: AbortSignal): Promise<{items: Achievement[], after: string | null}> {
  const query = new URLSearchParams({ first: "12", ...(after && { after }) });
  const { items, pageInfo } = await request(`/v1/me/achievements?${query}`, { signal });
  return { items, after: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** List the achievements to earn next. @param today the day that streaks are as of */
export async function listNextAchievements(today: string, signal: AbortSignal): Promise<Next[]> {
  return (await request(`/v1/me/achievements/next?${new URLSearchParams({ today })}`, { signal })).items;
}
