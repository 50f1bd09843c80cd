/**
 * Where a user stands in a plan: progress through the weeks, and the next workout.
 * @module
 */

import { addDays } from "../i18n/calendar.js";
import { calendarDay } from "../i18n/format.js";
import { h } from "../ui/dom.js";
import { workoutUrl } from "../workouts/workout-url.js";
import { today } from "./plan-api.js";
import { texts } from "./texts.js";

/** @typedef {Pick<import("./plan-api.js").Enrollment, "planId" | "status" | "weeks" | "sessions" | "performed" | "missed"> & {next: Pick<NonNullable<import("./plan-api.js").Enrollment["next"]>, "number" | "workoutId" | "sessionId" | "dueOn"> | null}} Standing */

/** @param {string} dueOn YYYY-MM-DD @param {string} day today @returns {string} */
export function dueWords(dueOn, day) {
  if (dueOn === day) return texts.dueToday;
  if (dueOn === addDays(day, 1)) return texts.dueTomorrow;
  const named = calendarDay(dueOn, { weekday: "short", day: "numeric", month: "short" });
  return dueOn < day ? texts.dueSince(named) : texts.dueOn(named);
}

/** Week of a workout, from 1. @param {Standing} standing @param {number} number of the workout, from 1 */
function weekOf({ weeks, sessions }, number) {
  return Math.ceil((number * weeks) / sessions);
}

/** Show progress and the next workout; null for a plan that was left. @param {Standing} standing @param {string | null} workoutName of the next workout @returns {HTMLElement | null} */
export function standing(standing, workoutName) {
  const { status, next, planId, weeks, sessions, performed, missed } = standing;
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
    h("progress", { class: "standing-bar", value: performed + missed, max: sessions, "aria-label": name }),
    h("p", null, workoutName !== null && h("bdi", null, texts.upNext(workoutName)), workoutName !== null && " · ", dueWords(next.dueOn, today())),
    h("a", { class: next.dueOn <= today() ? "button primary" : "button", href: workoutUrl(next.workoutId, next.sessionId) }, texts.startWorkout));
}
