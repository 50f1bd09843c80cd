/**
 * What to do today: start, the planned workout, and the week so far.
 * @module
 */

import "../player/exercise-figure.ts";
import * as api from "../api/client.ts";
import { addDays, startOf, trainingDay } from "../i18n/calendar.ts";
import { clockZone, firstDayOfWeek } from "../i18n/display-settings.ts";
import { calendarDay, energy, isolated, words } from "../i18n/format.ts";
import { exerciseNames } from "../session/exercise-names.ts";
import { useAccountStore } from "../stores/account.ts";
import { byId, h, svg } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";
import type { Line } from "../workouts/plan.ts";
import type { Overview } from "./overview.ts";

const DAYS = 7;
const RADIUS = 54;
/** Angle between the segments of the ring, in degrees. */
const GAP_DEG = 7;

/** Greeting of the signed-in user. */
export function greeting() {
  const name = useAccountStore.get().user?.username;
  return name ? t("home-ready-name", { name }) : t("home-ready");
}

/** @param index of the segment */
function segment(index: number, isTrained: boolean) {
  const at = (degrees: number) => {
    const radians = ((degrees - 90) * Math.PI) / 180;
    return `${(64 + RADIUS * Math.cos(radians)).toFixed(2)} ${(64 + RADIUS * Math.sin(radians)).toFixed(2)}`;
  };
  const from = (360 / DAYS) * index + GAP_DEG / 2;
  const to = (360 / DAYS) * (index + 1) - GAP_DEG / 2;
  return svg("path", { class: isTrained ? "ring-day trained" : "ring-day", d: `M${at(from)}A${RADIUS} ${RADIUS} 0 0 1 ${at(to)}` });
}

function planWords(lines: Line[], exercises: Map<string, api.Exercise>) {
  return lines.map(({ exerciseId, sets, targetRepetitions, targetHoldS }) => {
    const name = exercises.get(exerciseId)?.name ?? words(exerciseId);
    return `${name} ${sets} × ${targetRepetitions ?? t("length-s", { seconds: targetHoldS ?? 0 })}`;
  }).join(", ");
}

/** Show a text below the title, unless the page shows a session by now. */
function say(text: string) {
  if (!byId("list-view").hidden) byId("subtitle").textContent = text;
}

/** The hero in the head of the page and the panel #week. */
export class Today {
  /** Whether a plan is shown, which comes before the last session. */
  #hasPlan = false;

  /** Show the plan and the week. @param overview what the page loads when it opens */
  async show(overview: Promise<Overview>) {
    byId("hero-day").textContent = calendarDay(trainingDay(clockZone()), { weekday: "long", day: "numeric", month: "long" });
    try {
      const { plan, days, streakDays, streakDay, today } = await overview;
      this.#week(days, { days: streakDays, day: streakDay }, today);
      await this.#plan(plan);
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error; // the list below shows the problem
    }
  }

  /** Show the latest session. @param session node of the query SESSIONS, or undefined */
  latest(session: api.ListedSession | undefined, exercises: Map<string, api.Exercise>) {
    const exercise = exercises.get(session?.exerciseId ?? "squat");
    if (exercise) void byId<"exercise-figure">("hero-figure").show(exercise);
    if (this.#hasPlan) return;
    const trained = session && exercise && exerciseNames(session, exercises);
    say(session?.repetitionCount && trained // holds have none
      ? t("home-last-time", { exercise: trained.toLowerCase(), count: session.repetitionCount })
      : t("home-stand"));
  }

  async #plan(plan: Overview["plan"] | undefined) {
    byId("hero-plan").hidden = !plan;
    this.#hasPlan = Boolean(plan);
    if (!plan) return;
    const exercises = await api.exercisesFor(plan.exercises.map(({ exerciseId }) => exerciseId));
    say(`${isolated(plan.name)}: ${planWords(plan.exercises, exercises)}`);
    byId<"a">("hero-plan").href = `/workout_player.html?workout=${encodeURIComponent(plan.workoutId)}`;
  }

  /** @param recent days, also of earlier weeks @param streak its length in days, as of `day` */
  #week(recent: Overview["days"], streak: {days: number, day: string}, today: string) {
    byId("title").textContent = byId("list-view").hidden ? byId("title").textContent : greeting();
    const first = startOf("WEEK", today, 0, firstDayOfWeek());
    const days = recent.filter(({ start }) => start.slice(0, 10) >= first);
    const trained = new Set(days.filter(({ sessions }) => sessions > 0).map(({ start }) => start.slice(0, 10)));
    const sum = (name: "repetitions" | "sessions" | "caloriesKcal") => days.reduce((all, day) => all + day[name], 0);
    byId("week").replaceChildren(
      h("h2", { id: "week-title" }, t("home-week")),
      h("div", { class: "week" },
        h("div", { class: "ring" },
          svg("svg", { viewBox: "0 0 128 128", "aria-hidden": "true", focusable: "false" }, Array.from({ length: DAYS }, (_, index) => segment(index, trained.has(addDays(first, index))))),
          h("p", null, h("b", null, trained.size), h("span", null, t("home-days", { count: trained.size })))),
        h("p", { class: "streak" }, streakWords(streak.days, recent.some(({ start, sessions }) => sessions > 0 && start.slice(0, 10) === streak.day)))),
      h("dl", { class: "week-facts" }, [[t("home-reps", { count: sum("repetitions") }), sum("repetitions")], [t("home-sessions", { count: sum("sessions") }), sum("sessions")], [t("home-energy"), energy(sum("caloriesKcal"))]].map(([name, value]) =>
        h("div", null, h("dt", null, name), h("dd", null, value)))));
  }
}

/** @param days of the current streak @param hasTrained today */
function streakWords(days: number, hasTrained: boolean) {
  if (days === 0) return t("home-streak-none");
  if (hasTrained) return t(days === 1 ? "home-streak-first" : "home-streak-done", { count: days });
  return t("home-streak-go-on", { count: days });
}
