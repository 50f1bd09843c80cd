/**
 * The first content of all panels of the home page, by one query. Later content has queries of its own.
 * @module
 */

import * as api from "../api/client.ts";
import { SESSION_PAGE } from "../api/queries.ts";
import { addDays, startOf, todayIn, trainingDay } from "../i18n/calendar.ts";
import { clockZone, firstDayOfWeek } from "../i18n/display-settings.ts";
import { keepAnswer, loadOrLast } from "../offline/last-answers.ts";
import { STANDING_FIELDS } from "../plans/own-plans.ts";
import { PRESCRIPTION_FIELDS, workoutName } from "../workouts/workout-api.ts";
import { FIRST_PERIOD, periodStarts } from "./training-totals.ts";

const OVERVIEW = `
query Overview($first: Int!, $athlete: ID!, $from: Date!, $firstWeek: Date!, $to: Date!, $streakDay: Date!) {
  sessions(first: $first) { ${SESSION_PAGE} }
  enrollments(first: 100) { edges { node { ${STANDING_FIELDS} } } }
  ownAssignments(openOnly: true) { assignmentId dueOn }
  workouts(first: 1) { edges { node { ${PRESCRIPTION_FIELDS} } } }
  days: totals(athleteId: $athlete, period: DAY, from: $from, to: $to) {
    start sessions repetitions durationMs caloriesKcal
  }
  weeks: totals(athleteId: $athlete, period: WEEK, from: $firstWeek, to: $to) { start accuracy }
  streaks(athleteId: $athlete, today: $streakDay) { current { days } }
}` as const;

export type Overview = Awaited<ReturnType<typeof loadOverview>>;

/** Load the latest sessions, the newest workout, and the days of the first period of the totals. @throws {api.Problem} */
export async function loadOverview() {
  const overview = await loadOrLast("overview", requestOverview);
  if (overview.plan) void keepAnswer(workoutName(overview.plan.workoutId), overview.plan);
  return overview;
}

async function requestOverview() {
  const athlete = await api.athlete();
  const today = trainingDay(clockZone()); // after `athlete()`, which loads the user's time zone and first day of the week
  const [from] = periodStarts(FIRST_PERIOD, today, firstDayOfWeek());
  const firstWeek = startOf("WEEK", from); // weeks of the form begin on Monday, also if the user's begin on another day
  const streakDay = todayIn(); // the next session counts for the day on this device
  const { sessions, workouts, days, weeks, streaks, enrollments, ownAssignments } = await api.graphql(OVERVIEW, { first: api.SESSIONS_PER_PAGE, athlete, from, firstWeek, to: addDays(today, 1), streakDay });
  return { sessions: api.sessionPage(sessions), plan: workouts.edges[0]?.node, days, weeks, streakDays: streaks.current?.days ?? 0, streakDay, today, enrollments: enrollments.edges.map(({ node }) => node), assigned: ownAssignments };
}
