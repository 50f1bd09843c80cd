/**
 * The exercise that comes next, as its athlete needs to know it before the set begins.
 * @module
 */

import "./exercise-figure.js";

import { h } from "../dom.js";
import { careWords, cameraWords, tempoWords } from "../workout/instructions.js";
import { amountWords, placeWords } from "../workout/plan.js";

/** @typedef {import("../workout/plan.js").Step} Step */
/** @typedef {import("../workout/progress.js").Before} Before */

/** @param {Before | null} before @param {Step} step */
function earlier(before, { unit }) {
  const told = before && [["Last time", before.last], ["Your record", before.record]].filter(([, amount]) => amount !== null);
  if (!told?.length) return h("p", { class: "muted" }, "This is the first time. There is nothing to beat yet.");
  return h("dl", { class: "before" }, told.map(([name, amount]) => h("div", null, h("dt", null, name), h("dd", null, amountWords(amount, unit)))));
}

/** `<exercise-brief>`: a figure that shows it, name, target, what to take care of, what was done before, and what is lifted. */
export class ExerciseBrief extends HTMLElement {
  #load = h("input", { id: "load", type: "number", inputmode: "decimal", min: 0, max: 1000, step: 0.5 });
  #body = h("div", { class: "brief-body" });
  #figure = h("exercise-figure");
  #shown = "";
  #exercise = "";

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#figure, this.#body, h("label", { class: "field inline load", for: "load" }, h("span", null, "Weight (kg)"), this.#load));
  }

  /** Kilograms that are lifted; null where nobody said. @returns {number | null} */
  get loadKg() {
    const given = this.#load.value.trim();
    const load = Number(given);
    return given === "" || !Number.isFinite(load) || load < 0 || load > 1000 ? null : load;
  }

  /** @param {{step: Step, definition: any, before: Before | null, byCamera: boolean, isNext: boolean}} what */
  show({ step, definition, before, byCamera, isNext }) {
    const key = JSON.stringify([step, definition.id, before, byCamera, isNext]);
    if (key === this.#shown) return; // what somebody types is not taken away
    this.#shown = key;
    if (this.#exercise !== definition.id) this.#load.value = String(before?.loadKg ?? ""); // the next set is lifted with the weight of this one
    this.#exercise = definition.id;
    void this.#figure.show(definition);
    this.#body.replaceChildren(
      h("p", { class: "eyebrow" }, isNext ? "Next" : "Now"),
      h("h2", null, definition.name),
      h("p", { class: "brief-target" }, h("b", null, amountWords(step.target, step.unit)), h("span", null, ` · ${placeWords(step)}`)),
      earlier(before, step),
      h("h3", null, "How to do it"),
      h("ul", { class: "points" }, careWords(definition).map((cue) => h("li", null, cue)), tempoWords(definition) && h("li", null, tempoWords(definition)),
        byCamera && h("li", null, cameraWords(definition))));
  }
}

customElements.define("exercise-brief", ExerciseBrief);
