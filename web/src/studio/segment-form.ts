/**
 * Form for one segment of a lesson: exercise, times, amount, and what the trainer's repetitions are like.
 * @module
 */

import { clock } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { decimalField, decimalOf, showDecimal } from "../ui/decimal-field.ts";
import { h } from "../ui/dom.ts";
import { exactOf, noteExact } from "../ui/exact-value.ts";
import { markField, onSubmit } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";
import { workIsUnsaved } from "../ui/unsaved-work.ts";
import type { Schemas, Tempo } from "../api/client.ts";

export type Segment = Schemas["LessonSegment"];
export type Exercise = Schemas["Exercise"];
export type Content = Omit<Segment, "number" | "corrected">;

/** Phases of a repetition, in the order of a tempo. */
const PHASES: readonly (keyof Tempo)[] = ["eccentricS", "bottomPauseS", "concentricS", "topPauseS"];

/** Most seconds of a phase, repetitions, seconds of a hold, and degrees of a range. */
const MOST = { phase: 60, repetitions: 10_000, hold: 10_000, range: 360 };

/** @param text "1:02.5" or "62.5" @returns milliseconds; null if it is not a time */
export function timeOf(text: string): number | null {
  const found = /^(?:(\d{1,4}):)?(\d{1,5}(?:[.,]\d{1,3})?)$/.exec(text.trim());
  if (!found || (found[1] !== undefined && Number.parseFloat(found[2].replace(",", ".")) >= 60)) return null;
  return Math.round(1000 * (60 * Number(found[1] ?? 0) + Number.parseFloat(found[2].replace(",", "."))));
}

function field(id: string, label: string, input: HTMLElement) {
  input.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), input);
}

function numberInput(value: number | null, least: number, most: number) {
  const input = h("input", { type: "number", inputmode: "numeric", min: least, max: most, step: 1 });
  input.value = value === null ? "" : String(Math.round(value));
  noteExact(input, value);
  return input;
}

function numberOf(input: HTMLInputElement): number | null {
  return exactOf(input, ({ value }) => (value === "" ? null : Number(value)));
}

function phaseInput(seconds: number | null) {
  const input = decimalField({ min: 0, max: MOST.phase });
  showDecimal(input, seconds);
  noteExact(input, seconds);
  return input;
}

/** Show a moment of the video, rounded. */
function showTime(input: HTMLInputElement, timeMs: number) {
  input.value = clock(timeMs / 1000, 1);
  noteExact(input, timeMs);
}

function momentOf(input: HTMLInputElement): number | null {
  return exactOf(input, ({ value }) => timeOf(value));
}

/** Callbacks of the form. */
interface Callbacks {
  /** position of the video in milliseconds */
  now: () => number;
  /** an edge was changed in the form */
  onMove: (edges: {startMs: number, endMs: number}, movedMs: number) => void;
  onSave: (content: Content) => Promise<void>;
  onCancel: () => void;
  /** null for a new segment */
  onRemove: (() => Promise<void>) | null;
}

/** One form; `element` is placed by the caller. */
export class SegmentForm {
  element;
  #exercises;
  #callbacks;
  /** Spread of the trainer's range, which the form does not show. */
  #spread: number | null;
  #exercise;
  #start;
  #end;
  #amount;
  #amountLabel = h("label", { for: "segment-amount" });
  #phases;
  #range;
  #details;
  #remove: HTMLElement | null = null;
  /** Whether something was typed since the form was last sent. */
  isTypedSinceSent = false;

  constructor(content: Content, exercises: Map<string, Exercise>, callbacks: Callbacks) {
    this.#exercises = exercises;
    this.#callbacks = callbacks;
    this.#spread = content.rangeSpreadDeg;
    const { tempo, rangeOfMotionDeg } = content;
    this.#exercise = h("select", null, [...exercises.values()].sort((a, b) => a.name.localeCompare(b.name)).map(({ id, name }) => h("option", { value: id, selected: id === content.exerciseId }, name)));
    this.#start = this.#moment(content.startMs);
    this.#end = this.#moment(content.endMs);
    this.#amount = numberInput(content.repetitions ?? content.heldS, 1, MOST.repetitions);
    this.#amount.required = true;
    this.#amount.id = "segment-amount";
    this.#phases = PHASES.map((phase) => phaseInput(tempo && tempo[phase]));
    this.#range = numberInput(rangeOfMotionDeg, 0, MOST.range);
    this.#details = h("details", null, h("summary", null, t("lesson-targets")),
      h("p", { class: "muted" }, t("lesson-targets-what")),
      h("div", { class: "lesson-fields" },
        PHASES.map((phase, index) => field(`segment-${phase}`, t(`lesson-phase-${phase.replace("S", "").toLowerCase()}`), this.#phases[index])),
        field("segment-range", t("lesson-range-deg"), this.#range)));
    this.element = this.#form();
    this.#exercise.addEventListener("change", () => this.#changed());
    this.element.addEventListener("input", () => this.#typed());
    this.#showKind();
    onSubmit(this.element, () => this.#save());
  }

  /** Focus the first field. */
  focus() {
    this.#exercise.focus();
  }

  /** Show edges that were dragged. */
  move({ startMs, endMs }: {startMs: number, endMs: number}) {
    showTime(this.#start, startMs);
    showTime(this.#end, endMs);
    for (const input of [this.#start, this.#end]) markField(input, "");
    this.#typed();
  }

  /** The segment is not in the lesson any more: what was typed can be added as a new one. */
  becomeNew() {
    this.#remove?.remove();
  }

  #typed() {
    this.isTypedSinceSent = true;
    workIsUnsaved(this.element);
  }

  #form() {
    const { onCancel, onRemove } = this.#callbacks;
    const remove = onRemove && h("button", { class: "button danger", type: "button", onclick: () => void once(remove as HTMLElement, () => { this.isTypedSinceSent = false; return onRemove(); }) }, t("lesson-remove"));
    this.#remove = remove;
    return h("form", { class: "lesson-form program", novalidate: true },
      h("div", { class: "lesson-fields" }, field("segment-exercise", t("lesson-exercise"), this.#exercise), h("div", { class: "field" }, this.#amountLabel, this.#amount)),
      h("div", { class: "lesson-fields" }, this.#edge("segment-start", "start", this.#start), this.#edge("segment-end", "end", this.#end)),
      this.#details,
      h("div", { class: "lesson-actions" },
        h("button", { class: "button primary", type: "submit" }, t("lesson-save")),
        h("button", { class: "button", type: "button", onclick: onCancel }, t("lesson-cancel")),
        remove));
  }

  #moment(timeMs: number) {
    const input = h("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", onchange: () => this.#tell(input) });
    showTime(input, timeMs);
    return input;
  }

  #edge(id: string, edge: "start" | "end", input: HTMLInputElement) {
    input.id = id;
    const take = () => { showTime(input, this.#callbacks.now()); this.#typed(); this.#tell(input); };
    return h("div", { class: "field" }, h("label", { for: id }, t(`lesson-${edge}`)),
      h("div", { class: "lesson-moment" }, input, h("button", { class: "button", type: "button", "aria-label": t(`lesson-${edge}-now`), onclick: take }, t("lesson-now"))));
  }

  /** Show edges that were typed on the timeline. */
  #tell(input: HTMLInputElement) {
    const moved = momentOf(input);
    markField(input, moved === null ? t("lesson-time-wrong") : "");
    const [startMs, endMs] = [momentOf(this.#start), momentOf(this.#end)];
    if (moved !== null && startMs !== null && endMs !== null && startMs < endMs) this.#callbacks.onMove({ startMs, endMs }, moved);
  }

  /** Another exercise has another range and tempo. */
  #changed() {
    for (const input of this.#phases) showDecimal(input, null);
    this.#range.value = "";
    this.#spread = null;
    this.#showKind();
  }

  get #isHold() {
    return this.#exercises.get(this.#exercise.value)?.kind === "hold";
  }

  #showKind() {
    this.#amountLabel.textContent = t(this.#isHold ? "lesson-held" : "lesson-repetitions");
    this.#details.hidden = this.#isHold;
  }

  async #save() {
    const [startMs, endMs] = [this.#start, this.#end].map(momentOf);
    for (const [input, at] of [[this.#start, startMs], [this.#end, endMs]] as const) markField(input, at === null ? t("lesson-time-wrong") : "");
    if (startMs !== null && endMs !== null && startMs >= endMs) markField(this.#end, t("lesson-end-first"));
    const tempo = this.#tempo();
    if (tempo === undefined) {
      this.#details.open = true;
      const missing = this.#phases.find((each) => decimalOf(each) === null);
      if (missing) markField(missing, t("lesson-tempo-whole"));
    }
    const wrong = this.element.querySelector<HTMLElement>("[aria-invalid=true]");
    if (wrong) return wrong.focus();
    const amount = Number(this.#amount.value);
    const isHold = this.#isHold;
    const range = isHold ? null : numberOf(this.#range);
    this.isTypedSinceSent = false;
    await this.#callbacks.onSave({
      exerciseId: this.#exercise.value, startMs: startMs as number, endMs: endMs as number,
      repetitions: isHold ? null : amount, heldS: isHold ? Math.max(1, numberOf(this.#amount) ?? amount) : null,
      tempo: isHold ? null : tempo ?? null, rangeOfMotionDeg: range, rangeSpreadDeg: range === null ? null : this.#spread,
    });
  }

  /** @returns undefined if it is incomplete */
  #tempo(): Tempo | null | undefined {
    const values = this.#phases.map((each) => exactOf(each, decimalOf));
    if (this.#isHold || values.every((each) => each === null)) return null;
    if (values.includes(null)) return undefined;
    return Object.fromEntries(PHASES.map((phase, index) => [phase, values[index]])) as unknown as Tempo;
  }
}
