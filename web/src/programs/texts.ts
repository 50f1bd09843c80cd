/**
 * Loads the texts of the page of programs, and names what the API names by an id.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.ts";
import type { Schemas } from "../api/client.ts";

await addTextsOf("programs");

export const GOALS: Record<Schemas["Program"]["goal"], string> = {
  strength: t("programs-strength"),
  muscle: t("programs-muscle"),
  endurance: t("programs-endurance"),
  weight: t("programs-weight"),
  skill: t("programs-skill"),
  return_from_injury: t("programs-return"),
};

export const RULES: Record<Schemas["ProgramRule"]["kind"] & string, string> = {
  none: t("programs-rule-none"),
  linear: t("programs-rule-linear"),
  double_progression: t("programs-rule-double"),
  percentage: t("programs-rule-percentage"),
  effort: t("programs-rule-effort"),
};
