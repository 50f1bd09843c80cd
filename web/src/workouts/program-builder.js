/**
 * Program builder element: a form for a workout, line by line.
 * @module
 */

import { announce, h } from "../ui/dom.js";
import { fieldAttributes } from "../ui/schema-fields.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("./plan.js").Line} Line */

/** Defaults of a new line. */
const USUAL = { sets: 3, repetitions: 10, holdS: 30, restS: 60 };

/** @param {string} label @param {string} name @param {number} value @param {string} field of the schema */
function numberField(label, name, value, field) {
  return h("label", { class: "field" }, h("span", null, label), h("input", { ...fieldAttributes(field), name, type: "number", inputmode: "numeric", value, step: 1, "aria-required": "true" }));
}

/** `<program-builder>`: fires `written` ({name, exercises}) when a valid workout is submitted. */
export class ProgramBuilder extends HTMLElement {
  #name = h("input", { ...fieldAttributes("PrescribeWorkout.name"), id: "program-name", name: "name", dir: "auto", autocomplete: "off" });
  #lines = h("ol", { class: "program-lines" });
  #wrong = h("p", { class: "wrong", role: "alert" });
  #save = h("button", { class: "button primary", type: "submit" }, t("save-workout"));
  /** @type {import("../api/client.js").Exercise[]} */
  #exercises = [];

  connectedCallback() {
    if (this.firstChild) return;
    const form = h("form", { class: "program", novalidate: true },
      h("label", { class: "field", for: "program-name" }, h("span", null, t("workout-name")), this.#name),
      this.#lines, this.#wrong,
      h("div", { class: "choices" }, h("button", { class: "button", type: "button", onclick: () => this.#add(true) }, t("add-exercise")), this.#save));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(form); });
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

  /** Reset the form. */
  clear() {
    this.#name.value = "";
    this.#lines.replaceChildren();
    this.#add(false);
  }

  /** @param {boolean} isNew whether the user added the line, which then gets the focus */
  #add(isNew) {
    const choice = h("select", { name: "exercise" }, this.#exercises.map(({ id, name }) => h("option", { value: id }, name)));
    const line = h("li", { class: "program-line" },
      h("label", { class: "field" }, h("span", null, t("exercise")), choice),
      numberField(t("sets"), "sets", USUAL.sets, "PrescribedExercise.sets"), h("div", { class: "program-target" }), numberField(t("rest-s"), "rest", USUAL.restS, "PrescribedExercise.restS"),
      h("button", { class: "button quiet", type: "button", onclick: () => this.#remove(line) }, t("remove")));
    choice.addEventListener("change", () => this.#aim(line));
    this.#lines.append(line);
    this.#aim(line);
    this.#number();
    if (isNew) choice.focus();
  }

  /** Show the target in seconds for a hold, otherwise in repetitions. @param {HTMLElement} line */
  #aim(line) {
    const exercise = this.#exercises.find(({ id }) => id === valueOf(line, "exercise"));
    const isHold = exercise?.kind === "hold";
    const field = isHold ? numberField(t("seconds"), "hold", USUAL.holdS, "PrescribedExercise.targetHoldS") : numberField(t("repetitions"), "repetitions", USUAL.repetitions, "PrescribedExercise.targetRepetitions");
    const there = line.querySelector(".program-target");
    if (!there?.querySelector(`[name=${isHold ? "hold" : "repetitions"}]`)) there?.replaceChildren(field);
  }

  /** @param {HTMLElement} line */
  #remove(line) {
    const next = /** @type {HTMLElement | null} */ (line.nextElementSibling ?? line.previousElementSibling);
    line.remove();
    this.#number();
    announce(t("exercise-removed"));
    next?.querySelector("select")?.focus();
  }

  /** Number the lines; the only line cannot be removed. */
  #number() {
    [...this.#lines.children].forEach((line, index, { length }) => {
      const remove = line.querySelector("button");
      remove.hidden = length === 1;
      remove.setAttribute("aria-label", t("remove-exercise", { number: index + 1 }));
      line.setAttribute("aria-label", t("exercise-number", { number: index + 1 }));
    });
  }

  /** @param {HTMLFormElement} form */
  #submit(form) {
    if (this.#save.getAttribute("aria-disabled") === "true") return;
    const wrong = [...form.querySelectorAll("input")].find((field) => !field.validity.valid || !field.value.trim()); // a form asks for more than the schema requires
    for (const field of form.querySelectorAll("input")) field.toggleAttribute("aria-invalid", false);
    this.#wrong.textContent = wrong ? wrongWords(wrong) : "";
    if (wrong) {
      wrong.setAttribute("aria-invalid", "true");
      wrong.focus();
      return;
    }
    const detail = { name: this.#name.value.trim(), exercises: [...this.#lines.children].map(lineOf) };
    this.dispatchEvent(new CustomEvent("written", { detail }));
  }
}

/** @param {HTMLInputElement} field */
function wrongWords(field) {
  if (field.name === "name") return t("enter-workout-name");
  const label = field.labels?.[0]?.querySelector("span")?.textContent;
  return t("label-whole-number", { label, min: field.min, max: field.max });
}

/** @param {Element} line @param {string} name */
function valueOf(line, name) {
  return /** @type {HTMLInputElement | null} */ (line.querySelector(`[name=${name}]`))?.value ?? null;
}

/** @param {Element} line @returns {Line} */
function lineOf(line) {
  const [repetitions, hold] = [valueOf(line, "repetitions"), valueOf(line, "hold")];
  return {
    exerciseId: valueOf(line, "exercise") ?? "", sets: Number(valueOf(line, "sets")), restS: Number(valueOf(line, "rest")),
    targetRepetitions: repetitions === null ? null : Number(repetitions), targetHoldS: hold === null ? null : Number(hold),
  };
}

customElements.define("program-builder", ProgramBuilder);
