/**
 * Workout results element: the summary and how its values were determined.
 * @module
 */

import "../ui/new-achievements.ts";
import { h, svg, type Child } from "../ui/dom.ts";
import { energy, formBadge, formClass, formShape, length, percent, words } from "../i18n/format.ts";
import { weight, type Units } from "../i18n/units.ts";
import { REASONS } from "../session/repetition-table.ts";
import { rpe } from "../workouts/effort.ts";
import { recordsOf } from "./progress.ts";
import { energyWords, formulaWords, healthKitWords, massWords, rejectedOf, sourceWords } from "./result-labels.ts";
import { said, t } from "../i18n/l10n.ts";
import type { Exercise, Schemas } from "../api/client.ts";

/** Response of `GET /v1/workouts/{id}/summary`. */
type Result = Schemas["WorkoutSummary"];
type ResultSet = Result["sets"][number];

/** Score inputs and their labels. */
const INPUTS = [["completion", t("completion")], ["form", t("form")], ["tempo", t("tempo")], ["rangeOfMotion", t("range-of-motion")]] as const;

/** @param share 0..1 */
function bar(share: number | null) {
  return svg("svg", { class: "meter", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "meter-track", width: 100, height: 8 }),
    share !== null && svg("rect", { class: "meter-filled", width: 100 * Math.min(Math.max(share, 0), 1), height: 8 }));
}

function section(id: string, title: string, ...children: Child[]) {
  return h("section", { class: "panel", "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

function figures({ durationMs, setCount, repetitionCount, verifiedRepetitionCount, skippedCount, calories }: Result) {
  const facts = [[t("duration"), length(durationMs)], [t("sets"), String(setCount)], [t("repetitions"), String(repetitionCount)], [t("verified"), String(verifiedRepetitionCount)], [t("energy"), energy(calories.kcal)]];
  if (skippedCount) facts.push([t("skipped"), t("count-sets", { count: skippedCount })]);
  return h("dl", { class: "figures" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}

function score({ performance, points }: Result) {
  if (!performance) return section("score-title", t("score"), h("p", { class: "muted" }, t("no-score")));
  return section("score-title", t("score"),
    h("p", { class: "big-score" }, h("b", null, Math.round(performance.score)), h("span", null, " ", t("of-100"))),
    h("dl", { class: "inputs" }, INPUTS.map(([name, label]) => h("div", null,
      h("dt", null, t("label-points", { label, points: points[name] })), h("dd", null, performance[name] === null ? t("not-measured-not-included") : percent(performance[name])), bar(performance[name])))),
    h("p", { class: "muted" }, t("score-what")));
}

/** Compact form badge: shape, color and number; the text is for screen readers. @param form 0..1 */
function badge(form: number) {
  return h("span", { class: `form ${formClass(form)}` }, formShape(form),
    h("span", { "aria-hidden": "true" }, percent(form)), h("span", { class: "visually-hidden" }, formBadge(form).textContent));
}

/** Describe the goal of a set; null if there is none. */
function aimOf({ targetRepetitions, targetHoldS }: ResultSet, isHold: boolean) {
  if (isHold) return targetHoldS ? t("counter-of", { target: length(1000 * targetHoldS) }) : null;
  return targetRepetitions ? t("counter-of", { target: targetRepetitions }) : null;
}

function setRow(set: ResultSet, exercises: Map<string, Exercise>, units: Units) {
  const isHold = exercises.get(set.exerciseId)?.kind === "hold";
  const load = set.loadKg === null ? "" : `${weight(set.loadKg, units)}, `;
  const rejected = rejectedOf(set).map(([reason, many]) => `${many} × ${REASONS[reason] ?? words(reason)}`);
  const forms = set.movements.flatMap(({ accepted, form }) => (accepted && form !== null ? [form] : []));
  const form = forms.length ? forms.reduce((sum, each) => sum + each, 0) / forms.length : null;
  return h("tr", null,
    h("th", { scope: "row" }, `${set.number}. ${exercises.get(set.exerciseId)?.name ?? words(set.exerciseId)}`, h("span", { class: "reason" }, load, sourceWords(set.source), set.rpe !== null && `, ${rpe(set.rpe)}`)),
    h("td", { class: "number" }, isHold ? length(set.heldMs) : String(set.repetitions), aimOf(set, isHold) && h("span", { class: "reason" }, aimOf(set, isHold))),
    h("td", { class: "number" }, String(set.rejected), rejected.map((why) => h("span", { class: "reason" }, why))),
    h("td", null, form === null ? h("span", { class: "muted" }, t("not-measured")) : badge(form)));
}

function sets(result: Result, exercises: Map<string, Exercise>, units: Units) {
  return section("sets-title", t("sets"), h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("table-of-sets") }, h("table", { class: "data" }, h("caption", null, t("what-counted")),
    h("thead", null, h("tr", null, [t("set"), t("accepted"), t("rejected"), t("form")].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, result.sets.map((set) => setRow(set, exercises, units))))));
}

function records({ id, progress }: Result, exercises: Map<string, Exercise>, units: Units) {
  const newRecords = progress.map((each) => ({ name: exercises.get(each.exerciseId)?.name ?? words(each.exerciseId), best: recordsOf(each, id, units) })).filter(({ best }) => best.length > 0);
  return newRecords.length === 0 ? "" : section("records-title", t("new-records"), h("ul", { class: "points" }, newRecords.map(({ name, best }) => h("li", null, `${name}: ${best.join(", ")}`))));
}

function calories({ calories: burnt }: Result, exercises: Map<string, Exercise>, units: Units) {
  return section("energy-title", t("energy"), h("p", null, h("b", null, energy(burnt.kcal)), `, ${massWords(burnt, units)}.`),
    h("details", { class: "sources" }, h("summary", null, t("how-calculated")),
      h("p", null, formulaWords(units)),
      h("ul", { class: "points" }, burnt.exercises.map((each) => h("li", null, energyWords(each, exercises.get(each.exerciseId)?.name))))));
}

/** `<workout-results>`: the summary of a completed workout. */
export class WorkoutResults extends HTMLElement {
  /** @param result response of `GET /v1/workouts/{id}/summary` */
  show(result: Result, exercises: Map<string, Exercise>, units: Units) {
    const earned = h("new-achievements");
    this.dataset.session = result.id;
    this.replaceChildren(
      figures(result), earned, score(result), records(result, exercises, units), sets(result, exercises, units),
      result.feedbackPoints.length ? section("points-title", t("most-frequent-cues"), h("ul", { class: "points" }, result.feedbackPoints.map((cue) => h("li", null, said(cue))))) : "",
      calories(result, exercises, units),
      section("health-title", "Apple Health", h("p", { class: "health", "data-status": result.healthKit.status }, healthKitWords(result.healthKit))));
    void earned.show(result.id);
  }

  /** Show something else until the workout is completed. */
  wait(content: Node) {
    this.replaceChildren(content);
  }
}

customElements.define("workout-results", WorkoutResults);

declare global {
  interface HTMLElementTagNameMap { "workout-results": WorkoutResults }
}
