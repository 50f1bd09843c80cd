/**
 * Program builder element: a form for a workout, line by line.
 * @module
 */

import "../exercises/exercise-poster.js";
import { announce, h, icon } from "../ui/dom.js";
import { fieldAttributes } from "../ui/schema-fields.js";
import { kilograms } from "../i18n/units.js";
import { t } from "../i18n/l10n.js";
import { loadField, wrongLoad } from "./load-field.js";

/** @typedef {import("./plan.js").Line} Line */

/** Defaults of a new line. */
const USUAL = { sets: 3, repetitions: 10, holdS: 30, restS: 60 };

/** @param {string} label @param {string} name @param {number} value @param {string} field of the schema */
function numberField(label, name, value, field) {
  return h("label", { class: "field" }, h("span", null, label), h("input", { ...fieldAttributes(field), name, type: "number", inputmode: "numeric", value, step: 1, "aria-required": "true" }));
}

/** `<program-builder>`: fires `written` ({name, exercises}) when a valid workout is submitted. With the attribute `loads`, lines have loads. */
export class ProgramBuilder extends HTMLElement {
  #name = h("input", { ...fieldAttributes("PrescribeWorkout.name"), id: "program-name", name: "name", dir: "auto", autocomplete: "off" });
  #lines = h("ol", { class: "program-lines" });
  #wrong = h("p", { class: "wrong", role: "alert" });
  #save = h("button", { class: "button primary", type: "submit" }, t("save-workout"));
  /** @type {import("../api/client.js").Exercise[]} */
  #exercises = [];

  /** The lines that the form was filled with: what it has no fields for is kept. @type {WeakMap<Element, Line>} */
  #given = new WeakMap();

  /** Unit of the loads. @type {import("../i18n/units.js").Units} */
  units = "metric";

  connectedCallback() {
    if (this.firstChild) return;
    const form = h("form", { class: "program", novalidate: true },
      h("label", { class: "field", for: "program-name" }, h("span", null, t("workout-name")), this.#name),
      this.#lines, this.#wrong,
      h("div", { class: "choices" }, h("button", { class: "button", type: "button", onclick: () => this.#add(true) }, t("add-exercise")), this.#save));
    form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); this.#submit(form); });
    this.append(form);
  }

  /** @param {import("../api/client.js").Exercise[]} exercises exercises to choose from */
  offer(exercises) {
    this.#exercises = exercises;
    if (!this.#lines.firstChild) this.#add(false);
  }

  /** Prevent another submission while saving. @param {boolean} isBusy */
  set busy(isBusy) {
    this.#save.setAttribute("aria-disabled", String(isBusy));
  }

  /** Add fields between the name and the lines. @param {...HTMLElement} fields */
  add(...fields) {
    this.#lines.before(...fields);
  }

  /** Reset the form. */
  clear() {
    this.fill(null);
  }

  /** Show a workout to change; null: an empty one. @param {{name: string, exercises: Line[]} | null} workout */
  fill(workout) {
    this.#name.value = workout?.name ?? "";
    this.#wrong.textContent = "";
    this.#lines.replaceChildren();
    for (const line of workout?.exercises ?? [null]) this.#add(false, line);
  }

  /** @param {boolean} isNew whether the user added the line, which then gets the focus @param {Line | null} [values] */
  #add(isNew, values = null) {
    const choice = h("select", { name: "exercise" }, this.#exercises.map(({ id, name }) => h("option", { value: id }, name)));
    const line = h("li", { class: "program-line" },
      h("span", { class: "program-figure" }),
      h("label", { class: "field" }, h("span", null, t("exercise")), choice),
      numberField(t("sets"), "sets", values?.sets ?? USUAL.sets, "PrescribedExercise.sets"), h("div", { class: "program-target" }), numberField(t("rest-s"), "rest", values?.restS ?? USUAL.restS, "PrescribedExercise.restS"),
      this.hasAttribute("loads") && loadField(values?.loadKg ?? null, this.units),
      h("div", { class: "line-actions" },
        h("button", { class: "button quiet icon-button move-up", type: "button", onclick: () => this.#move(line, -1) }, icon("up")),
        h("button", { class: "button quiet icon-button move-down", type: "button", onclick: () => this.#move(line, 1) }, icon("down")),
        h("button", { class: "button quiet remove", type: "button", onclick: () => this.#remove(line) }, t("remove"))));
    choice.addEventListener("change", () => { this.#given.delete(line); this.#aim(line); });
    if (values) choice.value = values.exerciseId;
    if (values) this.#given.set(line, values);
    this.#lines.append(line);
    this.#aim(line, values);
    this.#number();
    if (isNew) choice.focus();
  }

  /** Show the target in seconds for a hold, otherwise in repetitions. @param {HTMLElement} line @param {Line | null} [values] */
  #aim(line, values = null) {
    const exercise = this.#exercises.find(({ id }) => id === valueOf(line, "exercise"));
    const isHold = exercise?.kind === "hold";
    const field = isHold ? numberField(t("seconds"), "hold", values?.targetHoldS ?? USUAL.holdS, "PrescribedExercise.targetHoldS") : numberField(t("repetitions"), "repetitions", values?.targetRepetitions ?? USUAL.repetitions, "PrescribedExercise.targetRepetitions");
    line.querySelector(".program-figure")?.replaceChildren(h("exercise-poster", { exercise: exercise?.id ?? "" }));
    const there = line.querySelector(".program-target");
    if (!there?.querySelector(`[name=${isHold ? "hold" : "repetitions"}]`)) there?.replaceChildren(field);
  }

  /** @param {HTMLElement} line @param {-1 | 1} by */
  #move(line, by) {
    const [previous, next] = [line.previousElementSibling, line.nextElementSibling];
    if (by < 0) previous?.before(line);
    else next?.after(line);
    this.#number();
    announce(t("exercise-moved", { number: [...this.#lines.children].indexOf(line) + 1 }));
    const pressed = /** @type {HTMLButtonElement} */ (line.querySelector(by < 0 ? ".move-up" : ".move-down"));
    (pressed.disabled ? /** @type {HTMLElement} */ (line.querySelector("button:enabled")) : pressed).focus();
  }

  /** @param {HTMLElement} line */
  #remove(line) {
    const next = /** @type {HTMLElement | null} */ (line.nextElementSibling ?? line.previousElementSibling);
    line.remove();
    this.#number();
    announce(t("exercise-removed"));
    next?.querySelector("select")?.focus();
  }

  /** Number the lines; the only line cannot be removed or moved. */
  #number() {
    [...this.#lines.children].forEach((line, index, { length }) => {
      for (const [name, label, isEnd] of /** @type {const} */ ([["move-up", "move-exercise-up", index === 0], ["move-down", "move-exercise-down", index === length - 1], ["remove", "remove-exercise", false]])) {
        const button = /** @type {HTMLButtonElement} */ (line.querySelector(`.${name}`));
        button.hidden = length === 1;
        button.disabled = isEnd;
        button.setAttribute("aria-label", t(label, { number: index + 1 }));
      }
      line.setAttribute("aria-label", t("exercise-number", { number: index + 1 }));
    });
  }

  /** @param {HTMLFormElement} form */
  #submit(form) {
    if (this.#save.getAttribute("aria-disabled") === "true") return;
    const wrong = [...form.querySelectorAll("input")].find((field) => !field.validity.valid || (!field.value.trim() && field.name !== "load")); // a form asks for more than the schema requires
    for (const field of form.querySelectorAll("input")) field.toggleAttribute("aria-invalid", false);
    this.#wrong.textContent = wrong ? wrongWords(wrong, this.units) : "";
    if (wrong) {
      wrong.setAttribute("aria-invalid", "true");
      wrong.focus();
      return;
    }
    const detail = { name: this.#name.value.trim(), exercises: [...this.#lines.children].map((line) => ({ ...this.#given.get(line), ...lineOf(line, this.units) })) };
    this.dispatchEvent(new CustomEvent("written", { detail }));
  }
}

/** @param {HTMLInputElement} field @param {import("../i18n/units.js").Units} units */
function wrongWords(field, units) {
  if (field.name === "name") return t("enter-workout-name");
  if (field.name === "due") return t("assign-day-missing");
  if (field.name === "load") return wrongLoad(field, units);
  const label = field.labels?.[0]?.querySelector("span")?.textContent ?? "";
  return t("label-whole-number", { label, min: field.min, max: field.max });
}

/** @param {Element} line @param {string} name */
function valueOf(line, name) {
  return /** @type {HTMLInputElement | null} */ (line.querySelector(`[name=${name}]`))?.value ?? null;
}

/** @param {Element} line @param {import("../i18n/units.js").Units} units @returns {Line} */
function lineOf(line, units) {
  const [repetitions, hold, weight] = [valueOf(line, "repetitions"), valueOf(line, "hold"), valueOf(line, "load")];
  return {
    exerciseId: valueOf(line, "exercise") ?? "", sets: Number(valueOf(line, "sets")), restS: Number(valueOf(line, "rest")),
    targetRepetitions: repetitions === null ? null : Number(repetitions), targetHoldS: hold === null ? null : Number(hold),
    ...(weight !== null && { loadKg: weight === "" ? null : kilograms(Number(weight), units) }),
  };
}

customElements.define("program-builder", ProgramBuilder);
