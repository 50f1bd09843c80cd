/**
 * Loads of programs in the units of the user. They are stored in kilograms, without rounding.
 * @module
 */

import { decimal } from "../i18n/format.js";
import { POUND_KG, load, unitOf } from "../i18n/units.js";

/** @typedef {import("../i18n/units.js").Units} Units */

/** The smallest pair of plates in kilograms or pounds: what a rule adds, and rounds to. */
const PLATES = { metric: 2.5, imperial: 5 };

/** Decimals that are shown: plates have quarters of a kilogram. */
const DECIMALS = { metric: 2, imperial: 1 };

/** @param {number} amount in the unit @param {Units} units @returns {number} kilograms, to ten nanograms */
export const toKilograms = (amount, units) => Number((units === "imperial" ? amount * POUND_KG : amount).toFixed(8));

/** The value of a field. @param {number | null} kg @param {Units} units */
export const fieldValue = (kg, units) => (kg === null ? null : Number(load(kg, units).toFixed(DECIMALS[units])));

/** @param {number} kg @param {Units} units @returns {string} "42.5 kg" or "105 lb" */
export const shownLoad = (kg, units) => `${decimal(load(kg, units), 0, DECIMALS[units])} ${unitOf(units)}`;

/** What a rule adds by default, in kilograms. */
const DEFAULT_STEP_KG = 2.5;

/**
 * A rule that rounds to what people with these plates can load, and adds a pair of plates unless it has a step of its own.
 * @template {{kind?: string, stepKg?: number}} Rule
 * @param {Rule} rule @param {Units} units
 */
export function ruleIn(rule, units) {
  const plates = toKilograms(PLATES[units], units);
  return { ...rule, stepKg: (rule.stepKg ?? DEFAULT_STEP_KG) === DEFAULT_STEP_KG ? plates : rule.stepKg, loadStepKg: plates };
}
