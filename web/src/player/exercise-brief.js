/**
 * The exercise that comes next, as its athlete needs to know it before the set begins.
 * @module
 */

import "./exercise-figure.js";

import { h } from "../ui/dom.js";
import { kilograms, load, unitOf, weight } from "../i18n/units.js";
import { careWords, cameraWords, tempoWords } from "./instructions.js";
import { amountWords, placeWords } from "../workouts/plan.js";

/** @typedef {import("../workouts/plan.js").Step} Step */
/** @typedef {import("./progress.js").Before} Before */

/** Kilograms that a set can be lifted with. */
const MOST_KG = 1000;

/** @param {Before | null} before @param {Step} step @param {import("../i18n/units.js").Units} units */
function earlier(before, { unit }, units) {
  /** @type {[string, number | null | undefined, (amount: number) => string][]} */
  const known = [
    ["Last time", before?.last, (amount) => amountWords(amount, unit)],
    ["Your record", before?.record, (amount) => amountWords(amount, unit)],
    ["Your heaviest", before?.heaviestKg, (kg) => weight(kg, units)],
  ];
  const told = known.filter(([, amount]) => amount);
  if (told.length === 0) return h("p", { class: "muted" }, "This is the first time. There is nothing to beat yet.");
  return h("dl", { class: "before" }, told.map(([name, amount, words]) => h("div", null, h("dt", null, name), h("dd", null, words(Number(amount))))));
}

/** `<exercise-brief>`: a figure that shows it, name, target, what to take care of, what was done before, and what is lifted. */
export class ExerciseBrief extends HTMLElement {
  /** In which the weight is told. @type {import("../i18n/units.js").Units} */
  units = "metric";

  #load = h("input", { id: "load", type: "number", inputmode: "decimal", min: 0, step: "any", "aria-describedby": "load-wrong" });
  #unit = h("span");
  #wrong = h("p", { id: "load-wrong", class: "wrong", role: "alert" });
  #body = h("div", { class: "brief-body" });
  #figure = h("exercise-figure");
  #shown = "";
  #exercise = "";

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#figure, this.#body, h("label", { class: "field inline load", for: "load" }, this.#unit, this.#load), this.#wrong);
    this.#load.addEventListener("change", () => this.#mark());
  }

  /** Kilograms that are lifted; null where nobody said. @returns {number | null} */
  get loadKg() {
    return this.#load.value === "" || this.#isWrong ? null : kilograms(Number(this.#load.value), this.units);
  }

  /** Whether the weight is one; if not it is said, and whoever typed it is there again. */
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
    this.#wrong.textContent = this.#isWrong ? `A weight from 0 to ${most} ${unitOf(this.units)}, or none.` : "";
    this.#load.setAttribute("aria-invalid", String(this.#isWrong));
  }

  /** @param {{step: Step, definition: any, before: Before | null, byCamera: boolean, isNext: boolean}} what */
  show({ step, definition, before, byCamera, isNext }) {
    const key = JSON.stringify([step, definition.id, before, byCamera, isNext, this.units]);
    if (key === this.#shown) return; // what somebody types is not taken away
    this.#shown = key;
    this.#unit.textContent = `Weight (${unitOf(this.units)})`;
    if (this.#exercise !== definition.id) this.#offer(before?.loadKg ?? null); // the next set is lifted with the weight of this one
    this.#exercise = definition.id;
    void this.#figure.show(definition);
    this.#body.replaceChildren(
      h("p", { class: "eyebrow" }, isNext ? "Next" : "Now"),
      h("h2", null, definition.name),
      h("p", { class: "brief-target" }, h("b", null, amountWords(step.target, step.unit)), h("span", null, ` · ${placeWords(step)}`)),
      earlier(before, step, this.units),
      h("h3", null, "How to do it"),
      h("ul", { class: "points" }, careWords(definition).map((cue) => h("li", null, cue)), tempoWords(definition) && h("li", null, tempoWords(definition)),
        byCamera && h("li", null, cameraWords(definition))));
  }

  /** @param {number | null} kg of the last time */
  #offer(kg) {
    this.#load.value = kg === null ? "" : String(Number(load(kg, this.units).toFixed(1)));
    this.#mark();
  }
}

customElements.define("exercise-brief", ExerciseBrief);
