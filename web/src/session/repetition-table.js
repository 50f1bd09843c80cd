/**
 * Tables of counted repetitions and of rejected movements.
 * @module
 */

import { h, icon } from "../ui/dom.js";
import { clock, counted, formBadge, length, tempoMark, words } from "../i18n/format.js";

const COLUMNS = ["Rep", "Start", "End", "Tempo", "Range of motion", "Form", "Faults and cues"];

/** Reasons why a movement was not counted. */
export const REASONS = {
  too_shallow: "Too shallow to count.",
  too_fast: "Too fast to be a repetition.",
  too_slow: "Too slow to be one repetition.",
  pose_lost: "The athlete was not visible all the time.",
  incomplete: "The set ended before it was complete.",
  after_session: "Arrived after the session was completed.",
  not_periodic: "Not part of the rhythm of the set.",
  athlete: "Removed by the athlete.",
  later_look: "Rejected by a second, more accurate analysis.",
};

/** @param {{set: number, number: number}} repetition @returns {string} */
export function repetitionKey({ set, number }) {
  return `${set}.${number}`;
}

/** A cell with its column name, shown when the table is laid out as cards. */
function cell(column, ...content) {
  return h("td", { role: "cell", "data-label": column }, ...content);
}

/** Repetitions of a session, grouped by set if there are several. */
export class RepetitionTable {
  /**
   * @param {any} session
   * @param {Map<string, import("../api/client.js").Exercise>} exercises
   * @param {((key: string) => void) | null} onLoop null if there is no video
   */
  constructor(session, exercises, onLoop) {
    this.exercises = exercises;
    this.onLoop = onLoop;
    this.session = session;
    /** @type {Map<string, {row: HTMLElement, button: HTMLElement | null, start: number, end: number}>} */
    this.rows = new Map();
    this.element = h("div", null, ...this.content());
  }

  content() {
    const { sets, repetitions } = this.session;
    const unjudged = sets.filter((set) => set.unjudged?.length).map((set) => h("p", { class: "muted" }, `${this.setName(set)}: the camera could not assess ${set.unjudged.map((fault) => words(fault).toLowerCase()).join(", ")}.`));
    const holds = sets.filter((set) => set.holdMs > 0).map((set) => h("p", { class: "hold" }, `${this.setName(set)}: held for `, h("b", null, length(set.holdMs))));
    if (!repetitions.length) return holds.length ? [...holds, ...unjudged] : [h("p", { class: "muted" }, "No repetitions were counted.")];
    return [...holds, h("table", { class: "data reps", role: "table" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, COLUMNS.map((name) => h("th", { role: "columnheader", scope: "col" }, name)))),
      sets.map((set) => this.group(set, repetitions.filter((rep) => rep.set === set.number)))), ...unjudged];
  }

  setName(set) {
    return `Set ${set.number}, ${this.exercises.get(set.exerciseId)?.name ?? words(set.exerciseId)}`;
  }

  group(set, repetitions) {
    if (!repetitions.length) return null;
    const title = this.session.sets.length > 1 && h("tr", { role: "row", class: "set-row" },
      h("th", { role: "rowheader", scope: "rowgroup", colspan: COLUMNS.length }, this.setName(set)));
    return h("tbody", { role: "rowgroup" }, title, repetitions.map((rep) => this.row(rep, set)));
  }

  row(rep, set) {
    const key = repetitionKey(rep);
    const button = this.onLoop && h("button", { class: "button rep-number", type: "button", "aria-pressed": "false", "aria-label": `Loop rep ${rep.number}`, onclick: () => this.onLoop?.(key) }, icon("loop"), rep.number);
    const row = h("tr", { role: "row" },
      h("th", { role: "rowheader", scope: "row" }, button ?? h("b", null, rep.number)),
      cell("Start", clock(rep.startMs / 1000, 2)),
      cell("End", clock(rep.endMs / 1000, 2)),
      cell("Tempo", tempoMark(rep.tempo)),
      cell("Range of motion", rep.rangeOfMotionDeg === null ? h("span", { class: "muted" }, "not measured") : `${Math.round(rep.rangeOfMotionDeg)}°`),
      cell("Form", formBadge(rep.form)),
      cell("Faults and cues", this.faults(rep, set)));
    this.rows.set(key, { row, button, start: rep.startMs / 1000, end: rep.endMs / 1000 });
    return row;
  }

  faults(rep, set) {
    if (!rep.faults.length) return h("span", { class: "muted" }, "none");
    const faults = this.exercises.get(set.exerciseId)?.faults ?? [];
    return h("ul", { class: "faults" }, rep.faults.map((id) => {
      const cue = faults.find((fault) => fault.id === id)?.cue;
      return h("li", null, h("b", null, words(id)), cue && ` ${cue}.`);
    }));
  }

  /** Mark the repetition at a time. @param {number} time seconds */
  setTime(time) {
    for (const { row, start, end } of this.rows.values()) {
      const now = time >= start && time < end;
      row.classList.toggle("now", now);
      if (now) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** @param {string | null} key of the looped repetition */
  setLooped(key) {
    for (const [each, { button }] of this.rows) button?.setAttribute("aria-pressed", String(each === key));
  }
}

/**
 * @param {import("../api/client.js").RejectedRepetition[]} rejected
 * @param {((time: number) => void) | null} onSeek seconds
 * @returns {HTMLElement | null} null if nothing was rejected
 */
export function rejectedTable(rejected, onSeek) {
  if (!rejected.length) return null;
  const time = (ms) => onSeek
    ? h("button", { class: "button", type: "button", "aria-label": `Show ${clock(ms / 1000, 1)}`, onclick: () => onSeek(ms / 1000) }, clock(ms / 1000, 2))
    : clock(ms / 1000, 2);
  return h("table", { class: "data" },
    h("caption", null, `${counted(rejected.length, "movement")} not counted as repetitions.`),
    h("thead", null, h("tr", null, ["From", "Length", "Reason"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, rejected.map(({ startMs, endMs, reason }) => h("tr", null,
      h("td", null, time(startMs)), h("td", null, `${((endMs - startMs) / 1000).toFixed(1)} s`), h("td", null, REASONS[reason] ?? words(reason))))));
}
