/**
 * Program builder element: a form for a workout, line by line.
 * @module
 */

import "../exercises/exercise-poster.ts";
import { announce, h, icon } from "../ui/dom.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { watchWork, workIsSaved } from "../ui/unsaved-work.ts";
import { weightOf } from "../ui/weight-field.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { chosenEffort, effortField } from "./effort.ts";
import { loadField, wrongLoad } from "./load-field.ts";
import type { Exercise } from "../api/client.ts";
import type { Units } from "../i18n/units.ts";
import type { Line } from "./plan.ts";

/** Defaults of a new line. */
const USUAL = { sets: 3, repetitions: 10, holdS: 30, restS: 60 };

/** @param field of the schema */
function numberField(label: string, name: string, value: number, field: string) {
  return h("label", { class: "field" }, h("span", null, label), h("input", { ...fieldAttributes(field), name, type: "number", inputmode: "numeric", value, step: 1, "aria-required": "true" }));
}

/** `<program-builder>`: fires `written` ({name, exercises}) when a valid workout is submitted. With the attribute `loads`, lines have loads. */
export class ProgramBuilder extends HTMLElement {
  #name = h("input", { ...fieldAttributes("PrescribeWorkout.name"), id: "program-name", name: "name", dir: "auto", autocomplete: "off" });
  #lines = h("ol", { class: "program-lines" });
  #wrong = h("p", { class: "wrong", role: "alert" });
  #save = h("button", { class: "button primary", type: "submit" }, t("save-workout"));
  #exercises: Exercise[] = [];

  /** The lines that the form was filled with: what it has no fields for is kept. */
  #given: WeakMap<Element, Line> = new WeakMap();

  /** Unit of the loads. */
  units: Units = "metric";

  connectedCallback() {
    if (this.firstChild) return;
    const form = h("form", { class: "program", novalidate: true },
      h("label", { class: "field", for: "program-name" }, h("span", null, t("workout-name")), this.#name),
      this.#lines, this.#wrong,
      h("div", { class: "choices" }, h("button", { class: "button", type: "button", onclick: () => this.#add(true) }, t("add-exercise")), this.#save));
    form.addEventListener("submit", (event: Event) => { event.preventDefault(); this.#submit(form); });
    this.append(form);
    watchWork(this);
  }

  /** @param exercises exercises to choose from */
  offer(exercises: Exercise[]) {
    this.#exercises = exercises;
    if (!this.#lines.firstChild) this.#add(false);
  }

  /** Prevent another submission while saving. */
  set busy(isBusy: boolean) {
    this.#save.setAttribute("aria-disabled", String(isBusy));
  }

  /** Add fields between the name and the lines. */
  add(...fields: HTMLElement[]) {
    this.#lines.before(...fields);
  }

  /** Reset the form. */
  clear() {
    this.fill(null);
  }

  /** Show a workout to change; null: an empty one. */
  fill(workout: {name: string, exercises: Line[]} | null) {
    this.#name.value = workout?.name ?? "";
    this.#wrong.textContent = "";
    this.#lines.replaceChildren();
    for (const line of workout?.exercises ?? [null]) this.#add(false, line);
    workIsSaved(this);
  }

  /** Begin a new workout with an exercise; one that does not exist changes nothing. */
  beginWith(exercise: string) {
    if (!this.#exercises.some(({ id }) => id === exercise)) return;
    this.clear();
    const choice = this.#lines.querySelector("select") as HTMLSelectElement;
    choice.value = exercise;
    choice.dispatchEvent(new Event("change"));
  }

  /** @param isNew whether the user added the line, which then gets the focus */
  #add(isNew: boolean, values: Line | null = null) {
    const kept = values && !this.#exercises.some(({ id }) => id === values.exerciseId) && { id: values.exerciseId, name: words(values.exerciseId) }; // the exercise was deleted
    const choice = h("select", { name: "exercise" }, [...this.#exercises, ...(kept ? [kept] : [])].map(({ id, name }) => h("option", { value: id }, name)));
    const line = h("li", { class: "program-line" },
      h("span", { class: "program-figure" }),
      h("label", { class: "field" }, h("span", null, t("exercise")), choice),
      numberField(t("sets"), "sets", values?.sets ?? USUAL.sets, "PrescribedExercise.sets"), h("div", { class: "program-target" }), numberField(t("rest-s"), "rest", values?.restS ?? USUAL.restS, "PrescribedExercise.restS"),
      this.hasAttribute("loads") && loadField(values?.loadKg ?? null, this.units),
      h("div", { class: "program-effort" }),
      h("label", { class: "field program-note" }, h("span", null, t("exercise-note")), h("textarea", { ...fieldAttributes("PrescribedExercise.note"), name: "note", rows: 2, dir: "auto" }, values?.note ?? "")),
      h("div", { class: "line-actions" },
        h("button", { class: "button quiet icon-button move-up", type: "button", onclick: () => this.#move(line, -1) }, icon("up")),
        h("button", { class: "button quiet icon-button move-down", type: "button", onclick: () => this.#move(line, 1) }, icon("down")),
        h("button", { class: "button quiet remove", type: "button", onclick: () => this.#remove(line) }, t("remove"))));
    choice.addEventListener("change", () => { this.#given.delete(line); this.#aim(line, choice.value === values?.exerciseId ? values : null); });
    if (values) choice.value = values.exerciseId;
    if (values) this.#given.set(line, values);
    this.#lines.append(line);
    this.#aim(line, values);
    this.#number();
    if (isNew) choice.focus();
  }

  /** Show the target in seconds for a hold, otherwise in repetitions, and what efforts mean for it. */
  #aim(line: HTMLElement, values: Line | null = null) {
    const exercise = this.#exercises.find(({ id }) => id === valueOf(line, "exercise"));
    const isHold = exercise ? exercise.kind === "hold" : Boolean(values?.targetHoldS);
    const field = isHold ? numberField(t("seconds"), "hold", values?.targetHoldS ?? USUAL.holdS, "PrescribedExercise.targetHoldS") : numberField(t("repetitions"), "repetitions", values?.targetRepetitions ?? USUAL.repetitions, "PrescribedExercise.targetRepetitions");
    line.querySelector(".program-figure")?.replaceChildren(h("exercise-poster", { exercise: exercise?.id ?? "" }));
    const there = line.querySelector(".program-target");
    if (!there?.querySelector(`[name=${isHold ? "hold" : "repetitions"}]`)) there?.replaceChildren(field);
    const effort = line.querySelector(".program-effort");
    const before = effort?.querySelector("select");
    effort?.replaceWith(effortField(before ? chosenEffort(before) : values?.targetRpe ?? null, isHold ? "hold" : "repetitions"));
  }

  #move(line: HTMLElement, by: -1 | 1) {
    const [previous, next] = [line.previousElementSibling, line.nextElementSibling];
    if (by < 0) previous?.before(line);
    else next?.after(line);
    this.#number();
    announce(t("exercise-moved", { number: [...this.#lines.children].indexOf(line) + 1 }));
    const pressed = line.querySelector(by < 0 ? ".move-up" : ".move-down") as HTMLButtonElement;
    (pressed.disabled ? line.querySelector("button:enabled") as HTMLElement : pressed).focus();
  }

  #remove(line: HTMLElement) {
    const next = (line.nextElementSibling ?? line.previousElementSibling) as HTMLElement | null;
    line.remove();
    this.#number();
    announce(t("exercise-removed"));
    next?.querySelector("select")?.focus();
  }

  /** Number the lines; the only line cannot be removed or moved. */
  #number() {
    [...this.#lines.children].forEach((line, index, { length }) => {
      for (const [name, label, isEnd] of [["move-up", "move-exercise-up", index === 0], ["move-down", "move-exercise-down", index === length - 1], ["remove", "remove-exercise", false]] as const) {
        const button = line.querySelector(`.${name}`) as HTMLButtonElement;
        button.hidden = length === 1;
        button.disabled = isEnd;
        button.setAttribute("aria-label", t(label, { number: index + 1 }));
      }
      line.setAttribute("aria-label", t("exercise-number", { number: index + 1 }));
    });
  }

  #submit(form: HTMLFormElement) {
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

function wrongWords(field: HTMLInputElement, units: Units) {
  if (field.name === "name") return t("enter-workout-name");
  if (field.name === "due") return t("assign-day-missing");
  if (field.name === "load") return wrongLoad(field, units);
  const label = field.labels?.[0]?.querySelector("span")?.textContent ?? "";
  return t("label-whole-number", { label, min: field.min, max: field.max });
}

function valueOf(line: Element, name: string) {
  return (line.querySelector(`[name=${name}]`) as HTMLInputElement | null)?.value ?? null;
}

function lineOf(line: Element, units: Units): Line {
  const [repetitions, hold] = [valueOf(line, "repetitions"), valueOf(line, "hold")];
  const field = line.querySelector<HTMLInputElement>("[name=load]");
  return {
    exerciseId: valueOf(line, "exercise") ?? "", sets: Number(valueOf(line, "sets")), restS: Number(valueOf(line, "rest")),
    targetRepetitions: repetitions === null ? null : Number(repetitions), targetHoldS: hold === null ? null : Number(hold), targetRpe: chosenEffort(line.querySelector("[name=effort]") as HTMLSelectElement), note: valueOf(line, "note")?.trim() ?? "",
    ...(field && { loadKg: weightOf(field, units) }),
  };
}

customElements.define("program-builder", ProgramBuilder);

declare global {
  interface HTMLElementTagNameMap { "program-builder": ProgramBuilder }
}
