/**
 * Report of the pose coach: the user's own month beside that of consenting users of the organization.
 * @module
 */

import { graphql } from "../api/client.ts";
import { POSE_REPORT } from "../api/queries.ts";
import { calendarDay, decimal, length, percent, words } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";
import { line } from "./comparison.ts";
import type { Result } from "../api/graphql.ts";

type Report = Result<typeof POSE_REPORT>["poseCoachReport"];
type Quartiles = {lower: number, median: number, upper: number};

const time = (seconds: number) => length(1000 * seconds);

const count = (count: number) => decimal(count, 0);

function table(caption: string, heads: string[], rows: Element[]) {
  return h("table", { class: "data" }, h("caption", null, caption),
    h("thead", null, h("tr", null, h("td"), heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", null, rows));
}

function byExercise(exercises: Report["exercises"]): Element | null {
  if (exercises.length === 0) return null;
  const rows = exercises.map(({ exercise, athletes, reps, accuracy }) => line(textOr(`exercise-${exercise}`, words(exercise ?? "")), count(athletes), count(reps.median), percent(accuracy.median)));
  return table(t("boards-report-exercises"), [t("boards-report-people"), t("boards-repetitions"), t("boards-report-accuracy")], rows);
}

function content({ month, isAvailable, own, ownMonth, overall, exercises }: Report) {
  const name = calendarDay(month, { month: "long", year: "numeric" });
  const total = h("p", null, t("boards-report-total", { sessions: own.totalSessions, reps: own.totalReps, time: time(own.totalDuration) }));
  const agree = h("p", null, h("a", { href: "/account.html#consents" }, t("boards-consent")));
  const row = (title: string, mine: string, others: Quartiles | undefined, text: (value: number) => string) =>
    line(title, mine, ...(others ? [text(others.lower), text(others.median), text(others.upper)] : []));
  const accuracy = ownMonth.averageAccuracy ?? null;
  const others = overall ? [t("boards-quarter-most"), t("boards-half-most"), t("boards-three-quarters-most")] : [];
  return [
    total,
    table(t("boards-others-in", { month: name }), [t("boards-you"), ...others], [
      row(t("boards-sessions"), count(ownMonth.totalSessions), overall?.sessions, count),
      row(t("boards-repetitions"), count(ownMonth.totalReps), overall?.reps, count),
      row(t("boards-report-accuracy"), accuracy === null ? t("not-measured") : percent(accuracy), overall?.accuracy, percent),
      row(t("boards-report-time"), time(ownMonth.totalDuration), overall?.duration, time),
    ]),
    overall ? byExercise(exercises) : h("p", { class: "muted" }, t(isAvailable ? "boards-too-few" : "boards-report-unavailable")),
    overall && h("p", { class: "muted" }, t("boards-report-rounded")),
    agree,
  ].filter((each) => each !== null);
}

/** Load and show the report. */
export async function showPoseReport() {
  const body = byId("pose-report");
  const { poseCoachReport } = await graphql(POSE_REPORT, {}).finally(() => body.setAttribute("aria-busy", "false"));
  body.replaceChildren(...content(poseCoachReport));
}
