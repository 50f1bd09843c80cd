/**
 * Texts of the plan browser, the plan page and the plans on the home page.
 * @module
 */

import { t } from "../i18n/l10n.ts";

const LEVELS: Record<string, string> = { beginner: t("plans-beginner"), intermediate: t("plans-intermediate"), advanced: t("plans-advanced") };

const MISSED_DAYS: Record<string, string> = {
  shift: t("plans-missed-shift"),
  skip: t("plans-missed-skip"),
  repeat: t("plans-missed-repeat"),
};

const PERIODS: Record<string, string> = { 1: t("plans-a-month"), 12: t("plans-a-year") };

const RENEWALS: Record<string, string> = { 1: t("plans-every-month"), 12: t("plans-every-year") };

export const texts = {
  level: (level: string) => LEVELS[level] ?? level,
  missedDay: (rule: string) => MISSED_DAYS[rule] ?? "",
  period: (months: number) => PERIODS[months] ?? t("plans-every-months", { count: months }),
  free: t("plans-free"),
  notSold: t("plans-not-sold"),
  schedule: (weeks: number, perWeek: number) => t("plans-schedule", { weeks, sessions: perWeek }),
  by: (name: string) => t("plans-by", { name }),
  noEquipment: t("plans-no-equipment"),
  loadFailed: t("plans-not-loaded"),
  tryAgain: t("try-again"),
  found: (count: number, isAll: boolean) => (count === 0 ? "" : t(isAll ? "plans-found" : "plans-found-so-far", { count })),
  emptyFiltered: t("plans-no-match"),
  emptyFilteredAdvice: t("plans-no-match-advice"),
  clearFilters: t("clear-filters"),
  empty: t("plans-none"),
  emptyAdvice: t("plans-none-advice"),
  ownWorkouts: t("plans-write-workout"),
  trainerGone: t("plans-trainer-gone"),
  trainerGoneAdvice: t("plans-trainer-gone-advice"),
  allPlans: t("plans-all"),
  speaks: t("plans-speaks"),
  specialities: t("plans-good-at"),
  planGone: t("plans-gone"),
  planGoneAdvice: t("plans-gone-advice"),
  start: t("plans-start"),
  subscribe: (price: string) => t("plans-subscribe", { price }),
  tax: (percent: string, amount: string) => t("plans-tax", { percent, amount }),
  renewal: (months: number) => t("plans-renews", { period: RENEWALS[months] ?? t("plans-every-months", { count: months }) }),
  tryFree: (days: number) => t("plans-try", { days }),
  trialTerms: (price: string) => t("plans-trial-terms", { price }),
  trialStarted: t("plans-trial-started"),
  billing: t("plans-billing"),
  freeTerms: t("plans-free-terms"),
  notSoldAdvice: t("plans-not-sold-advice"),
  workoutsTitle: t("plans-workouts"),
  rounds: (total: number, different: number) => t(total <= different ? "plans-rounds" : different === 1 ? "plans-rounds-one" : "plans-rounds-many", { total, different }),
  preview: t("plans-preview"),
  size: (sets: string, minutes: number) => t("plans-size", { sets, minutes }),
  lockedLines: t("plans-locked"),
  workoutGone: t("plans-workout-gone"),
  enrolledTitle: t("plans-enrolled"),
  otherVersion: (number: number, offered: number) => t("plans-other-version", { number, offered }),
  position: (number: number, of: number) => t("plans-position", { number, of }),
  week: (week: number, of: number) => t("plans-week", { week, of }),
  startWorkout: t("start-workout"),
  dueToday: t("plans-due-today"),
  dueTomorrow: t("plans-due-tomorrow"),
  dueOn: (day: string) => t("plans-due-on", { day }),
  dueSince: (day: string) => t("plans-due-since", { day }),
  leave: t("plans-leave"),
  leaveQuestion: t("plans-leave-question"),
  stay: t("plans-stay"),
  left: t("plans-left"),
  started: t("plans-started"),
  pendingTitle: t("plans-pending"),
  pendingAdvice: t("plans-pending-advice"),
  continuePayment: t("plans-continue-payment"),
  completed: t("plans-completed"),
  startAgain: t("plans-start-again"),
  homeTitle: t("plans-yours"),
  homeEmpty: t("plans-home-empty"),
  browse: t("plans-browse"),
  withdrawn: t("plans-withdrawn"),
  missed: (missed: number) => t("plans-missed", { count: missed }),
  upNext: (workout: string) => t("plans-up-next", { workout }),
  showMore: t("show-more"),
};
