/**
 * Weeks of a program as days with exercises, which are moved by drag or with buttons.
 * @module
 */

import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { load, unitOf, weight, type Units } from "../i18n/units.ts";
import { decimalField, decimalOf } from "../ui/decimal-field.ts";
import { announce, h } from "../ui/dom.ts";
import { constraintsOf, fieldAttributes } from "../ui/schema-fields.ts";
import { showWeight } from "../ui/weight-field.ts";
import { chosenEffort, effortField, rpe } from "../workouts/effort.ts";
import { feltWords } from "./effort-part.ts";
import { toKilograms } from "./loads.ts";
import type { Exercise } from "../api/client.ts";
import type { Draft, Line, Place, Target } from "./draft.ts";

type Exercises = Map<string, Exercise>;

/** Names of the whole numbers of an exercise, with their texts. */
const NUMBERS = { sets: "programs-sets", repetitions: "programs-repetitions", holdS: "programs-hold" } as const;

export class Weeks {
  draft: Draft;
  exercises: Exercises;
  units: Units;
  changed: () => void;
  element: HTMLElement;
  /** The exercise that is dragged. */
  dragged: Place | null;

  constructor(draft: Draft, exercises: Exercises, units: Units, changed: () => void) {
    this.draft = draft;
    this.exercises = exercises;
    this.units = units;
    this.changed = changed;
    this.element = h("div", { class: "program-weeks" });
    this.dragged = null;
    this.draw();
  }

  draw() {
    this.element.replaceChildren();
    this.append();
  }

  /** Append the weeks that are not shown yet. */
  append() {
    const shown = this.element.children.length;
    let day = this.draft.weeks.slice(0, shown).flatMap(({ days }) => days).length;
    this.element.append(...this.draft.weeks.slice(shown).map((week, index) => h("section", { class: "program-week" },
      h("h3", null, t(week.isDeload ? "programs-deload-week" : "programs-week", { number: shown + index + 1 })),
      h("div", { class: "program-days" }, week.days.map(() => this.day((day += 1)))))));
  }

  /** Show targets that the server has changed, and weeks that were added. The field that has the focus stays as it is. */
  refresh(targets: Target[]) {
    const items = [...this.element.querySelectorAll(".program-line")];
    const lines = this.draft.days.flatMap(({ exercises }) => exercises);
    for (const { line, name } of targets) {
      const input = items[lines.indexOf(line)]?.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (!input || input === document.activeElement) continue;
      if (name === "loadKg") showWeight(input, line.loadKg ?? null, this.units);
      else input.value = String(line[name] ?? "");
    }
    this.append();
  }

  nameOf(id: string) {
    return this.exercises.get(id)?.name ?? words(id);
  }

  day(day: number) {
    const isOpen = this.draft.isOpen(day);
    const list = h("ol", null, this.draft.lines(day).map((_, index) => this.line({ day, index }, isOpen)));
    const name = t(isOpen ? "programs-day" : "programs-day-done", { number: day });
    const box = h("div", { class: "program-day", "data-day": day, role: "group", "aria-label": name }, h("h4", null, name), list, isOpen && this.adding(day));
    if (isOpen) this.takeDrops(box, day);
    return box;
  }

  takeDrops(box: HTMLElement, day: number) {
    box.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      box.classList.add("is-target");
    });
    box.addEventListener("dragleave", () => box.classList.remove("is-target"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      const lines = [...box.querySelectorAll(".program-line")];
      const before = lines.findIndex((line) => event.clientY < line.getBoundingClientRect().top + line.clientHeight / 2);
      if (!this.dragged) return;
      const index = before < 0 ? lines.length : before;
      const leftAbove = this.dragged.day === day && this.dragged.index < index; // removing it shifts the lines below up by one
      this.moved(this.draft.move(this.dragged, { day, index: leftAbove ? index - 1 : index }));
    });
  }

  line(place: Place, isOpen: boolean) {
    const line = this.draft.lines(place.day)[place.index];
    const name = this.nameOf(line.exerciseId);
    if (!isOpen) return h("li", { class: "program-line" }, h("b", null, name), h("span", { class: "muted" }, [this.dose(line), feltWords(this.draft.efforts, place.day, line.exerciseId)].filter(Boolean).join(" · ")));
    const item = h("li", { class: "program-line", draggable: "true", tabindex: -1 }, h("b", null, name),
      h("div", { class: "program-numbers" }, this.number(place, "sets"), this.number(place, line.holdS ? "holdS" : "repetitions"), this.load(place), this.effort(place)),
      h("div", { class: "program-moves" },
        this.button("↑", t("programs-up", { exercise: name }), () => this.moved(this.draft.shift(place, -1), -1)),
        this.button("↓", t("programs-down", { exercise: name }), () => this.moved(this.draft.shift(place, 1), 1)),
        this.button(t("programs-remove"), t("programs-remove-it", { exercise: name }), () => this.remove(place))));
    item.addEventListener("dragstart", (event: DragEvent) => {
      this.dragged = place;
      event.dataTransfer?.setData("text/plain", name); // Firefox drags nothing without data
    });
    item.addEventListener("dragend", () => { this.dragged = null; });
    return item;
  }

  dose({ sets, repetitions, holdS, loadKg, targetRpe }: Line) {
    const amount = holdS ? t("programs-seconds", { count: holdS }) : String(repetitions);
    return [`${sets} × ${amount}`, loadKg && weight(loadKg, this.units), targetRpe && rpe(targetRpe)].filter(Boolean).join(" · ");
  }

  effort(place: Place) {
    const { holdS, targetRpe = null } = this.draft.lines(place.day)[place.index];
    const field = effortField(targetRpe, holdS ? "hold" : "repetitions");
    const choice = field.querySelector("select") as HTMLSelectElement;
    choice.addEventListener("change", () => {
      this.draft.set(place, "targetRpe", chosenEffort(choice));
      this.changed();
    });
    return field;
  }

  number(place: Place, name: keyof typeof NUMBERS) {
    const stored = this.draft.lines(place.day)[place.index][name];
    const input = h("input", { ...fieldAttributes(`ProgramExercise.${name}`), name, type: "number", inputmode: "numeric", step: 1, value: stored });
    input.addEventListener("change", () => {
      if (!input.validity.valid) { input.reportValidity(); return; }
      this.draft.set(place, name, input.value === "" ? null : Number(input.value));
      this.changed();
    });
    return h("label", null, h("span", null, t(NUMBERS[name])), input);
  }

  load(place: Place) {
    const { units } = this;
    const { max } = constraintsOf("ProgramExercise.loadKg");
    const input = decimalField({ ...fieldAttributes("ProgramExercise.loadKg"), max: Math.floor(load(Number(max), units)), name: "loadKg" });
    showWeight(input, this.draft.lines(place.day)[place.index].loadKg ?? null, units);
    input.addEventListener("change", () => {
      if (!input.validity.valid) { input.reportValidity(); return; }
      const amount = decimalOf(input);
      this.draft.set(place, "loadKg", amount === null ? null : toKilograms(amount, units));
      this.changed();
    });
    return h("label", null, h("span", null, t("programs-load", { unit: unitOf(units) })), input);
  }

  button(text: string, label: string, act: () => void) {
    return h("button", { class: "button", type: "button", "aria-label": label, onclick: act }, text);
  }

  adding(day: number) {
    const choice = h("select", { "aria-label": t("programs-add-to", { number: day }) }, h("option", { value: "" }, t("programs-add")),
      [...this.exercises.values()].map(({ id, name }) => h("option", { value: id }, name)));
    const add = () => {
      const id = choice.value;
      if (!id) { choice.focus(); return; }
      this.draft.add(day, id, this.exercises.get(id)?.kind === "hold");
      this.redraw();
      this.focusOn({ day, index: this.draft.lines(day).length - 1 });
      announce(t("programs-added", { exercise: this.nameOf(id), day }));
    };
    return h("div", { class: "program-choice" }, choice, this.button(t("programs-add-it"), t("programs-add-it-to", { number: day }), add));
  }

  /** Remove an exercise, and pass the focus on to the next one of its day. */
  remove(place: Place) {
    const exercise = this.nameOf(this.draft.lines(place.day)[place.index].exerciseId);
    this.draft.remove(place);
    this.redraw();
    this.focusOn(place);
    announce(t("programs-removed", { exercise, day: place.day }));
  }

  /** Focus the exercise at a place, or else the last one of the day, or else the list of exercises to add. */
  focusOn({ day, index }: Place) {
    const box = this.element.querySelector(`[data-day="${day}"]`);
    const lines = [...box?.querySelectorAll<HTMLElement>(".program-line") ?? []];
    (lines[index] ?? lines.at(-1) ?? box?.querySelector("select"))?.focus();
  }

  /** Show a move, keep the focus on the exercise, and say where it is. */
  moved(place: Place | null, step?: 1 | -1) {
    if (!place) { announce(t("programs-stays")); return; }
    this.redraw();
    const item = this.element.querySelectorAll(`[data-day="${place.day}"] .program-line`)[place.index];
    const buttons = item?.querySelectorAll(".program-moves button");
    if (step) (buttons?.[step < 0 ? 0 : 1] as HTMLElement | undefined)?.focus();
    announce(t("programs-moved", { exercise: this.nameOf(this.draft.lines(place.day)[place.index].exerciseId), day: place.day, place: place.index + 1 }));
  }

  redraw() {
    this.draw();
    this.changed();
  }
}
