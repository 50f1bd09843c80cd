/**
 * What a line of a workout asks for, in words.
 * @module
 */

import { weight, type Units } from "../i18n/units.ts";
import { rpe } from "./effort.ts";
import { amountWords, type Line } from "./plan.ts";

/** Format a line, as "3 × 10 repetitions", its load and its target of exertion. @param units of the load */
export function doses({ sets, targetRepetitions, targetHoldS, loadKg, targetRpe }: Line, units: Units) {
  const target = targetRepetitions === null ? amountWords(targetHoldS ?? 0, "hold") : amountWords(targetRepetitions, "repetitions");
  const parts = [`${sets} × ${target}`, typeof loadKg === "number" && weight(loadKg, units), typeof targetRpe === "number" && rpe(targetRpe)];
  return parts.filter(Boolean).join(" · ");
}
