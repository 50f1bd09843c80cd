/**
 * How a repetition compares with the trainer's: a table, and what to do differently.
 * @module
 */

import { decimal, formShape } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";
import type { Compared, Match } from "./comparison.ts";

/** Shapes and colors of form also say how a repetition matches. */
const LOOKS: Record<Match | "unseen", {look: string, form: number | null}> = { same: { look: "good", form: 1 }, less: { look: "fair", form: 0.7 }, more: { look: "fair", form: 0.7 }, unseen: { look: "none", form: null } };

/** Show how a repetition compares; no rows hide the table. */
export function showComparison(rows: Compared[]) {
  byId("compared").replaceChildren(...rows.map(comparedRow));
  byId("comparison").hidden = rows.length === 0;
}

/** Show what to do differently; no words hide it. */
export function showAdvice(words: string) {
  byId("advice").textContent = words;
  byId("advice").hidden = words === "";
}

function comparedRow({ what, own, trainers, match }: Compared) {
  const amount = (value: number | null) => (value === null ? "–" : what === "range" ? `${Math.round(value)}°` : t("lesson-seconds", { seconds: decimal(value, 1) }));
  const { look, form } = LOOKS[match ?? "unseen"];
  const words = match ? t(match === "same" ? "lesson-match-same" : `lesson-match-${what === "range" ? "range" : "tempo"}-${match}`) : t("lesson-match-none");
  return h("tr", { "data-what": what, "data-match": match }, h("th", { scope: "row" }, t(`lesson-what-${what}`)), h("td", { class: "number" }, amount(own)), h("td", { class: "number" }, amount(trainers)),
    h("td", null, h("span", { class: `form ${look}` }, formShape(form), words)));
}
