/**
 * Texts of the plan editor.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.js";

await addTextsOf("plan-editor");

export const texts = {
  newPlan: t("editor-new"),
  /** @param {string} title */
  editing: (title) => t("editor-editing", { title }),
  draft: t("editor-draft"),
  /** @param {number} number */
  offered: (number) => t("editor-published", { number }),
  /** @param {number} number */
  changed: (number) => t("editor-changed", { number }),
  edit: t("editor-edit"),
  publish: t("editor-publish"),
  withdraw: t("editor-withdraw"),
  /** @param {string} title */
  saved: (title) => t("editor-saved", { title }),
  /** @param {string} title */
  published: (title) => t("editor-is-published", { title }),
  /** @param {string} title */
  withdrawn: (title) => t("editor-withdrawn", { title }),
  profileSaved: t("editor-profile-saved"),
  /** @param {number} week @param {number} session */
  place: (week, session) => t("editor-place", { week, session }),
  remove: t("remove"),
  /** @param {string} place */
  removeAt: (place) => t("editor-remove", { place }),
  none: t("editor-none"),
  /** @param {string} region */
  amount: (region) => t("editor-price-in", { region }),
  /** @param {string} region */
  currency: (region) => t("editor-currency-in", { region }),
  /** @param {string} region */
  tax: (region) => t("editor-tax-in", { region }),
  /** @param {number} digits */
  wrongAmount: (digits) => (digits ? t("editor-wrong-amount", { digits }) : t("editor-wrong-whole-amount")),
  wrongTax: t("editor-wrong-tax"),
  wrongTrial: t("editor-wrong-trial"),
  noWorkout: t("editor-no-workout"),
  firstWorkout: t("editor-first-workout"),
  languageMissing: t("editor-no-language"),
  /** @param {string} name */
  workoutSaved: (name) => t("editor-workout-saved", { name }),
  noPlans: t("editor-no-plans"),
};
