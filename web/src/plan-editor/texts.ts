/**
 * Texts of the plan editor.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.ts";

await addTextsOf("plan-editor");

export const texts = {
  newPlan: t("editor-new"),
  editing: (title: string) => t("editor-editing", { title }),
  draft: t("editor-draft"),
  offered: (number: number) => t("editor-published", { number }),
  changed: (number: number) => t("editor-changed", { number }),
  edit: t("editor-edit"),
  publish: t("editor-publish"),
  withdraw: t("editor-withdraw"),
  saved: (title: string) => t("editor-saved", { title }),
  published: (title: string) => t("editor-is-published", { title }),
  withdrawn: (title: string) => t("editor-withdrawn", { title }),
  profileSaved: t("editor-profile-saved"),
  place: (week: number, session: number) => t("editor-place", { week, session }),
  remove: t("remove"),
  removeAt: (place: string) => t("editor-remove", { place }),
  none: t("editor-none"),
  amount: (region: string) => t("editor-price-in", { region }),
  currency: (region: string) => t("editor-currency-in", { region }),
  tax: (region: string) => t("editor-tax-in", { region }),
  wrongAmount: (digits: number) => (digits ? t("editor-wrong-amount", { digits }) : t("editor-wrong-whole-amount")),
  wrongTax: t("editor-wrong-tax"),
  wrongTrial: t("editor-wrong-trial"),
  noWorkout: t("editor-no-workout"),
  firstWorkout: t("editor-first-workout"),
  languageMissing: t("editor-no-language"),
  workoutSaved: (name: string) => t("editor-workout-saved", { name }),
  noPlans: t("editor-no-plans"),
  kept: t("typed-is-kept"),
  showCurrent: t("editor-show-current"),
  showProfile: t("editor-show-profile"),
};
