/**
 * Exercise brief element: what the athlete needs to know before a set.
 * @module
 */

import "./exercise-figure.ts";
import "./lesson-clip.ts";

import { decimalField } from "../ui/decimal-field.ts";
import { h } from "../ui/dom.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { showWeight, weightOf } from "../ui/weight-field.ts";
import { load, unitOf, weight, type Units } from "../i18n/units.ts";
import { careWords, cameraWords, tempoWords } from "./instructions.ts";
import { effortWords, rpe } from "../workouts/effort.ts";
import { amountWords, placeWords, type Step } from "../workouts/plan.ts";
import { t } from "../i18n/l10n.ts";
import type { LessonPart } from "./lesson-clip.ts";
import type { Before } from "./progress.ts";
import type { Definition } from "../api/client.ts";

/** Largest load in kilograms. */
const MOST_KG = constraintsOf("BeginNextSet.loadKg").max ?? Infinity;

function earlier(before: Before | null, { unit }: Step, units: Units) {
  const results: [string, number | null | undefined, (amount: number) => string][] = [
    [t("last-time"), before?.last, (amount) => amountWords(amount, unit)],
    [t("your-record"), before?.record, (amount) => amountWords(amount, unit)],
    [t("your-heaviest"), before?.heaviestKg, (kg) => weight(kg, units)],
  ];
  const available = results.filter(([, amount]) => amount);
  if (available.length === 0) return h("p", { class: "muted" }, t("first-time"));
  return h("dl", { class: "previous-results" }, available.map(([name, amount, words]) => h("div", null, h("dt", null, name), h("dd", null, words(Number(amount))))));
}

/** `<exercise-brief>`: animation, name, target, effort, note, instructions, previous results, and a field for the load. */
export class ExerciseBrief extends HTMLElement {
  /** Unit of the load. */
  units: Units = "metric";

  #load = decimalField({ id: "load", min: 0, "aria-describedby": "load-wrong" });
  #unit = h("span");
  #wrong = h("p", { id: "load-wrong", class: "wrong", role: "alert" });
  #body = h("div", { class: "brief-body" });
  #figure = h("exercise-figure");
  #clip = h("lesson-clip");
  #shown = "";
  #exercise = "";
  #prescribedKg: number | null = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#clip, this.#figure, this.#body, h("label", { class: "field inline load", for: "load" }, this.#unit, this.#load), this.#wrong);
    this.#load.addEventListener("change", () => this.#mark());
  }

  /** The load in kilograms; null if none was entered. */
  get loadKg(): number | null {
    return this.#isWrong ? null : weightOf(this.#load, this.units);
  }

  /** Whether the load is valid; if not, show what is wrong and focus the field. */
  checked() {
    this.#mark();
    if (this.#isWrong) this.#load.focus();
    return !this.#isWrong;
  }

  get #isWrong() {
    return !this.#load.validity.valid || (weightOf(this.#load, this.units) ?? 0) > MOST_KG;
  }

  #mark() {
    const most = Math.floor(load(MOST_KG, this.units));
    this.#wrong.textContent = this.#isWrong ? t("weight-limits", { most, unit: unitOf(this.units) }) : "";
    this.#load.setAttribute("aria-invalid", String(this.#isWrong));
  }

  show({ step, definition, before, byCamera, isNext, lesson, note }: {step: Step, definition: Definition, before: Before | null, byCamera: boolean, isNext: boolean, lesson: LessonPart | null, note: string}) {
    const key = JSON.stringify([step, definition.id, before, byCamera, isNext, lesson, note, this.units]);
    if (key === this.#shown) return; // keep what the user is typing
    this.#shown = key;
    this.#unit.textContent = t("weight-in", { unit: unitOf(this.units) });
    const prescribedKg = step.loadKg ?? null;
    if (this.#exercise !== definition.id || this.#prescribedKg !== prescribedKg) this.#offer(prescribedKg ?? before?.loadKg ?? null); // the next set starts with the same weight
    this.#prescribedKg = prescribedKg;
    this.#exercise = definition.id;
    void this.#figure.show(definition);
    void this.#clip.show(lesson, definition.name);
    this.#body.replaceChildren(
      h("p", { class: "eyebrow" }, t(isNext ? "brief-next" : "brief-now")),
      h("h2", null, definition.name),
      h("p", { class: "brief-target" }, h("b", null, amountWords(step.target, step.unit)), h("span", null, ` · ${placeWords(step)}`)),
      ...(typeof step.targetRpe === "number" ? [h("p", { class: "brief-effort" }, h("b", null, rpe(step.targetRpe)), h("span", null, ` · ${effortWords(step.targetRpe, step.unit)}`))] : []),
      ...(note ? [h("p", { class: "brief-note" }, h("b", null, t("exercise-note")), h("span", { dir: "auto" }, note))] : []),
      earlier(before, step, this.units),
      h("h3", null, t("how-to-do-it")),
      h("ul", { class: "points" }, careWords(definition).map((cue) => h("li", null, cue)), tempoWords(definition) && h("li", null, tempoWords(definition)),
        byCamera && h("li", null, cameraWords(definition))));
  }

  /** @param kg last load in kilograms */
  #offer(kg: number | null) {
    showWeight(this.#load, kg, this.units);
    this.#mark();
  }
}

customElements.define("exercise-brief", ExerciseBrief);

declare global {
  interface HTMLElementTagNameMap { "exercise-brief": ExerciseBrief }
}
