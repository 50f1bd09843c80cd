/**
 * What a line of a workout asks for, in words.
 * @module
 */

import { weight, type Units } from "../i18n/units.ts";
import { amountWords, type Line } from "./plan.ts";

/** Format a line, as "3 × 10 repetitions" and its load. @param units of the load */
export function doses({ sets, targetRepetitions, targetHoldS, loadKg }: Line, units: Units) {
  const target = targetRepetitions === null ? amountWords(targetHoldS ?? 0, "hold") : amountWords(targetRepetitions, "repetitions");
  return `${sets} × ${target}${loadKg === null || loadKg === undefined ? "" : ` · ${weight(loadKg, units)}`}`;
}
