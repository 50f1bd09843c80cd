/**
 * Exercise brief element: what the athlete needs to know before a set.
 * @module
 */

import "./exercise-figure.js";
import "./lesson-film.js";

import { h } from "../ui/dom.js";
import { constraintsOf } from "../ui/schema-fields.js";
import { kilograms, load, unitOf, weight } from "../i18n/units.js";
import { careWords, cameraWords, tempoWords } from "./instructions.js";
import { amountWords, placeWords } from "../workouts/plan.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("../workouts/plan.js").Step} Step */
/** @typedef {import("./progress.js").Before} Before */

/** Largest load in kilograms. */
const MOST_KG = constraintsOf("BeginNextSet.loadKg").max ?? Infinity;

/** @param {Before | null} before @param {Step} step @param {import("../i18n/units.js").Units} units */
function earlier(before, { unit }, units) {
  /** @type {[string, number | null | undefined, (amount: number) => string][]} */
  const results = [
    [t("last-time"), before?.last, (amount) => amountWords(amount, unit)],
    [t("your-record"), before?.record, (amount) => amountWords(amount, unit)],
    [t("your-heaviest"), before?.heaviestKg, (kg) => weight(kg, units)],
  ];
  const available = results.filter(([, amount]) => amount);
  if (available.length === 0) return h("p", { class: "muted" }, t("first-time"));
  return h("dl", { class: "previous-results" }, available.map(([name, amount, words]) => h("div", null, h("dt", null, name), h("dd", null, words(Number(amount))))));
}

/** `<exercise-brief>`: animation, name, target, instructions, previous results, and a field for the load. */
export class ExerciseBrief extends HTMLElement {
  /** Unit of the load. @type {import("../i18n/units.js").Units} */
  units = "metric";

  #load = h("input", { id: "load", type: "number", inputmode: "decimal", min: 0, step: "any", "aria-describedby": "load-wrong" });
  #unit = h("span");
  #wrong = h("p", { id: "load-wrong", class: "wrong", role: "alert" });
  #body = h("div", { class: "brief-body" });
  #figure = h("exercise-figure");
  #film = h("lesson-film");
  #shown = "";
  #exercise = "";
  /** @type {number | null} */
  #prescribedKg = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#film, this.#figure, this.#body, h("label", { class: "field inline load", for: "load" }, this.#unit, this.#load), this.#wrong);
    this.#load.addEventListener("change", () => this.#mark());
  }

  /** The load in kilograms; null if none was entered. @returns {number | null} */
  get loadKg() {
    return this.#load.value === "" || this.#isWrong ? null : kilograms(Number(this.#load.value), this.units);
  }

  /** Whether the load is valid; if not, show what is wrong and focus the field. */
  checked() {
    this.#mark();
    if (this.#isWrong) this.#load.focus();
    return !this.#isWrong;
  }

  get #isWrong() {
    const { value, validity } = this.#load;
    return !validity.valid || kilograms(Number(value), this.units) > MOST_KG;
  }

  #mark() {
    const most = Math.floor(load(MOST_KG, this.units));
    this.#wrong.textContent = this.#isWrong ? t("weight-limits", { most, unit: unitOf(this.units) }) : "";
    this.#load.setAttribute("aria-invalid", String(this.#isWrong));
  }

  /** @param {{step: Step, definition: any, before: Before | null, byCamera: boolean, isNext: boolean, lesson: import("./lesson-film.js").LessonPart | null}} what */
  show({ step, definition, before, byCamera, isNext, lesson }) {
    const key = JSON.stringify([step, definition.id, before, byCamera, isNext, lesson, this.units]);
    if (key === this.#shown) return; // keep what the user is typing
    this.#shown = key;
    this.#unit.textContent = t("weight-in", { unit: unitOf(this.units) });
    const prescribedKg = step.loadKg ?? null;
    if (this.#exercise !== definition.id || this.#prescribedKg !== prescribedKg) this.#offer(prescribedKg ?? before?.loadKg ?? null); // the next set starts with the same weight
    this.#prescribedKg = prescribedKg;
    this.#exercise = definition.id;
    void this.#figure.show(definition);
    void this.#film.show(lesson, definition.name);
    this.#body.replaceChildren(
      h("p", { class: "eyebrow" }, t(isNext ? "brief-next" : "brief-now")),
      h("h2", null, definition.name),
      h("p", { class: "brief-target" }, h("b", null, amountWords(step.target, step.unit)), h("span", null, ` · ${placeWords(step)}`)),
      earlier(before, step, this.units),
      h("h3", null, t("how-to-do-it")),
      h("ul", { class: "points" }, careWords(definition).map((cue) => h("li", null, cue)), tempoWords(definition) && h("li", null, tempoWords(definition)),
        byCamera && h("li", null, cameraWords(definition))));
  }

  /** @param {number | null} kg last load in kilograms */
  #offer(kg) {
    this.#load.value = kg === null ? "" : String(Number(load(kg, this.units).toFixed(1)));
    this.#mark();
  }
}

customElements.define("exercise-brief", ExerciseBrief);
