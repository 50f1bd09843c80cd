/**
 * Target of exertion (RPE) in words, and the field to choose it.
 * @module
 */

import { h } from "../ui/dom.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { t } from "../i18n/l10n.ts";
import type { Step } from "./plan.ts";

const { min: LEAST = 1, max: MOST = 10, step: STEP = 0.5 } = constraintsOf("PrescribedExercise.targetRpe");

/** From here on, repetitions left can be estimated. */
const COUNTED = 5;

/** Words of Borg's scale, from the highest rating. */
const WORDS: [number, string][] = [[10, "rpe-maximal"], [7, "rpe-very-hard"], [5, "rpe-hard"], [4, "rpe-somewhat-hard"], [3, "rpe-moderate"], [2, "rpe-light"], [1, "rpe-very-light"]];

/** Format a rating, as "RPE 8". */
export function rpe(rating: number) {
  return t("rpe", { rating });
}

/** Explain a rating, as "about 2 repetitions left"; with a word for holds and for light efforts. */
export function effortWords(rating: number, unit: Step["unit"]) {
  if (unit === "hold" || rating < COUNTED) return t(WORDS.find(([least]) => rating >= least)?.[1] ?? "rpe-very-light");
  const left = MOST - rating;
  if (left < 1) return t(left === 0 ? "rpe-left-none" : "rpe-left-one-at-most");
  return Number.isInteger(left) ? t("rpe-left", { count: left }) : t("rpe-left-between", { least: Math.floor(left), most: Math.ceil(left) });
}

let fields = 0;

/** The field of a rating: its choice, the highest first; an empty value stands for none. The label is beside the choice, so that its name has no options. */
export function effortField(rating: number | null, unit: Step["unit"], { label, none }: {label: string, none: string} = { label: t("rpe-target"), none: t("rpe-none") }) {
  const ratings = Array.from({ length: (MOST - LEAST) / STEP + 1 }, (_, index) => MOST - index * STEP);
  const choice = h("select", { id: `target-rpe-${fields += 1}`, name: "effort" }, h("option", { value: "" }, none),
    ratings.map((each) => h("option", { value: each }, t("rpe-choice", { rating: each, effort: effortWords(each, unit) }))));
  choice.value = String(rating ?? "");
  return h("div", { class: "field program-effort" }, h("label", { for: choice.id }, label), choice);
}

/** The rating that is chosen; null for none. */
export function chosenEffort({ value }: HTMLSelectElement) {
  return value === "" ? null : Number(value);
}
