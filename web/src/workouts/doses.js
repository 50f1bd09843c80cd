/**
 * What a line of a workout asks for, in words.
 * @module
 */

import { weight } from "../i18n/units.js";
import { amountWords } from "./plan.js";

/** Format a line, as "3 × 10 repetitions" and its load. @param {import("./plan.js").Line} line @param {import("../i18n/units.js").Units} units of the load */
export function doses({ sets, targetRepetitions, targetHoldS, loadKg }, units) {
  const target = targetRepetitions === null ? amountWords(targetHoldS ?? 0, "hold") : amountWords(targetRepetitions, "repetitions");
  return `${sets} × ${target}${loadKg === null || loadKg === undefined ? "" : ` · ${weight(loadKg, units)}`}`;
}
