/**
 * Where a user stands in a plan: progress through the weeks, and the next workout.
 * @module
 */

import { addDays, trainingDay } from "../i18n/calendar.ts";
import { clockZone } from "../i18n/display-settings.ts";
import { calendarDay } from "../i18n/format.ts";
import { h } from "../ui/dom.ts";
import { workoutUrl } from "../workouts/workout-url.ts";
import type { Enrollment } from "./plan-api.ts";
import { texts } from "./texts.ts";

export type Standing = Pick<Enrollment, "planId" | "status" | "weeks" | "sessions" | "missed"> & {next: Pick<NonNullable<Enrollment["next"]>, "number" | "workoutId" | "sessionId" | "dueOn"> | null};

/** @param dueOn YYYY-MM-DD @param day today */
export function dueWords(dueOn: string, day: string): string {
  if (dueOn === day) return texts.dueToday;
  if (dueOn === addDays(day, 1)) return texts.dueTomorrow;
  const named = calendarDay(dueOn, { weekday: "short", day: "numeric", month: "short" });
  return dueOn < day ? texts.dueSince(named) : texts.dueOn(named);
}

/** Week of a workout, from 1. @param number of the workout, from 1 */
function weekOf({ weeks, sessions }: Standing, number: number) {
  return Math.ceil((number * weeks) / sessions);
}

/** Show progress and the next workout; null for a plan that was left. @param workoutName of the next workout */
export function standing(standing: Standing, workoutName: string | null): HTMLElement | null {
  const { status, next, planId, weeks, sessions, missed } = standing;
  if (status === "cancelled") return null;
  if (status === "pending_payment") {
    return h("div", { class: "standing" }, h("h2", null, texts.pendingTitle), h("p", null, texts.pendingAdvice),
      h("a", { class: "button primary", href: `/checkout.html?${new URLSearchParams({ plan: planId })}` }, texts.continuePayment));
  }
  if (status === "completed" || !next) return h("div", { class: "standing" }, h("p", null, texts.completed));
  const name = texts.position(next.number, sessions);
  return h("div", { class: "standing" },
    workoutName === null && h("h2", null, texts.enrolledTitle),
    h("p", { class: "standing-week" }, h("b", null, texts.week(weekOf(standing, next.number), weeks)), h("span", { class: "muted" }, [name, missed > 0 && texts.missed(missed)].filter(Boolean).join(" · "))),
    h("progress", { class: "standing-bar", value: next.number - 1, max: sessions, "aria-label": name }),
    h("p", null, workoutName !== null && h("bdi", null, texts.upNext(workoutName)), workoutName !== null && " · ", dueWords(next.dueOn, trainingDay(clockZone()))),
    h("a", { class: next.dueOn <= trainingDay(clockZone()) ? "button primary" : "button", href: workoutUrl(next.workoutId, next.sessionId) }, texts.startWorkout));
}
