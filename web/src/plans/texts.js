/**
 * Texts of the plan browser, the plan page and the plans on the home page.
 * @module
 */

import { t } from "../i18n/l10n.js";

/** @type {Record<string, string>} */
const LEVELS = { beginner: t("plans-beginner"), intermediate: t("plans-intermediate"), advanced: t("plans-advanced") };

/** @type {Record<string, string>} */
const MISSED_DAYS = {
  shift: t("plans-missed-shift"),
  skip: t("plans-missed-skip"),
  repeat: t("plans-missed-repeat"),
};

/** @type {Record<string, string>} */
const PERIODS = { 1: t("plans-a-month"), 12: t("plans-a-year") };

/** @type {Record<string, string>} */
const RENEWALS = { 1: t("plans-every-month"), 12: t("plans-every-year") };

export const texts = {
  /** @param {string} level */
  level: (level) => LEVELS[level] ?? level,
  /** @param {string} rule */
  missedDay: (rule) => MISSED_DAYS[rule] ?? "",
  /** @param {number} months */
  period: (months) => PERIODS[months] ?? t("plans-every-months", { count: months }),
  free: t("plans-free"),
  notSold: t("plans-not-sold"),
  /** @param {number} weeks @param {number} perWeek */
  schedule: (weeks, perWeek) => t("plans-schedule", { weeks, sessions: perWeek }),
  /** @param {string} name */
  by: (name) => t("plans-by", { name }),
  noEquipment: t("plans-no-equipment"),
  loadFailed: t("plans-not-loaded"),
  tryAgain: t("try-again"),
  /** @param {number} count @param {boolean} isAll */
  found: (count, isAll) => (count === 0 ? "" : t(isAll ? "plans-found" : "plans-found-so-far", { count })),
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
  /** @param {string} price */
  subscribe: (price) => t("plans-subscribe", { price }),
  /** @param {string} percent @param {string} amount */
  tax: (percent, amount) => t("plans-tax", { percent, amount }),
  /** @param {number} months */
  renewal: (months) => t("plans-renews", { period: RENEWALS[months] ?? t("plans-every-months", { count: months }) }),
  /** @param {number} days */
  tryFree: (days) => t("plans-try", { days }),
  /** @param {string} price */
  trialTerms: (price) => t("plans-trial-terms", { price }),
  trialStarted: t("plans-trial-started"),
  billing: t("plans-billing"),
  freeTerms: t("plans-free-terms"),
  notSoldAdvice: t("plans-not-sold-advice"),
  workoutsTitle: t("plans-workouts"),
  /** @param {number} total @param {number} different */
  rounds: (total, different) => t(total <= different ? "plans-rounds" : different === 1 ? "plans-rounds-one" : "plans-rounds-many", { total, different }),
  preview: t("plans-preview"),
  /** @param {string} sets @param {number} minutes */
  size: (sets, minutes) => t("plans-size", { sets, minutes }),
  lockedLines: t("plans-locked"),
  workoutGone: t("plans-workout-gone"),
  enrolledTitle: t("plans-enrolled"),
  /** @param {number} number @param {number} of */
  position: (number, of) => t("plans-position", { number, of }),
  /** @param {number} week @param {number} of */
  week: (week, of) => t("plans-week", { week, of }),
  startWorkout: t("start-workout"),
  dueToday: t("plans-due-today"),
  dueTomorrow: t("plans-due-tomorrow"),
  /** @param {string} day */
  dueOn: (day) => t("plans-due-on", { day }),
  /** @param {string} day */
  dueSince: (day) => t("plans-due-since", { day }),
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
  /** @param {number} missed */
  missed: (missed) => t("plans-missed", { count: missed }),
  /** @param {string} workout */
  upNext: (workout) => t("plans-up-next", { workout }),
  showMore: t("show-more"),
};
