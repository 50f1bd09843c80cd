/**
 * Loads the texts of the page of programs, and names what the API names by an id.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.js";

await addTextsOf("programs");

/** @typedef {import("../api/client.js").Schemas} Schemas */

/** @type {Record<Schemas["Program"]["goal"], string>} */
export const GOALS = {
  strength: t("programs-strength"),
  muscle: t("programs-muscle"),
  endurance: t("programs-endurance"),
  weight: t("programs-weight"),
  skill: t("programs-skill"),
  return_from_injury: t("programs-return"),
};

/** @type {Record<Schemas["ProgramRule"]["kind"] & string, string>} */
export const RULES = {
  none: t("programs-rule-none"),
  linear: t("programs-rule-linear"),
  double_progression: t("programs-rule-double"),
  percentage: t("programs-rule-percentage"),
  effort: t("programs-rule-effort"),
};
