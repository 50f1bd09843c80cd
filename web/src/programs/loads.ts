/**
 * Loads of programs in the units of the user. They are stored in kilograms, without rounding.
 * @module
 */

import { POUND_KG, type Units } from "../i18n/units.ts";

/** The smallest pair of plates in kilograms or pounds: what a rule adds, and rounds to. */
const PLATES = { metric: 2.5, imperial: 5 };

/** @param amount in the unit @returns kilograms, to ten nanograms */
export const toKilograms = (amount: number, units: Units): number => Number((units === "imperial" ? amount * POUND_KG : amount).toFixed(8));

/** What a rule adds by default, in kilograms. */
const DEFAULT_STEP_KG = 2.5;

/** A rule that rounds to what people with these plates can load, and adds a pair of plates unless it has a step of its own. */
export function ruleIn<Rule extends {kind?: string, stepKg?: number}>(rule: Rule, units: Units) {
  const plates = toKilograms(PLATES[units], units);
  return { ...rule, stepKg: (rule.stepKg ?? DEFAULT_STEP_KG) === DEFAULT_STEP_KG ? plates : rule.stepKg, loadStepKg: plates };
}
