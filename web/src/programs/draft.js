/**
 * Draft of the weeks of a program: moves and changes of exercises in days that were not performed.
 * @module
 */

/** @typedef {import("../api/client.js").Schemas} Schemas */
/** @typedef {Schemas["ProgramExercise"]} Line */

/** Place of an exercise: its day, from 1 over all weeks, and its index there. @typedef {{day: number, index: number}} Place */

export class Draft {
  /** @param {Schemas["Program"]} program */
  constructor(program) {
    this.performed = new Set(program.performed);
    /** @type {Schemas["ProgramWeek"][]} */
    this.weeks = structuredClone(program.weeks);
    this.isChanged = false;
  }

  /** The days of all weeks, in order. @returns {Schemas["ProgramDay"][]} */
  get days() {
    return this.weeks.flatMap(({ days }) => days);
  }

  /** Whether a day can still be changed. @param {number} day */
  isOpen(day) {
    return day >= 1 && day <= this.days.length && !this.performed.has(day);
  }

  /** @param {number} day @returns {Line[]} */
  lines(day) {
    return this.days[day - 1].exercises;
  }

  /**
   * Move an exercise to a place of an open day.
   * @param {Place} from @param {Place} to @returns {Place | null} where it is then; null if it stays
   */
  move(from, to) {
    if (!this.isOpen(from.day) || !this.isOpen(to.day)) return null;
    const [line] = this.lines(from.day).splice(from.index, 1);
    const index = Math.min(Math.max(0, to.index), this.lines(to.day).length);
    this.lines(to.day).splice(index, 0, line);
    this.isChanged = true;
    return { day: to.day, index };
  }

  /**
   * Move an exercise one place up or down; at the end of its day, into the next open day.
   * @param {Place} from @param {1 | -1} step @returns {Place | null} where it is then; null if it stays
   */
  shift(from, step) {
    const index = from.index + step;
    if (index >= 0 && index < this.lines(from.day).length) return this.move(from, { day: from.day, index });
    let day = from.day + step;
    while (day >= 1 && day <= this.days.length && !this.isOpen(day)) day += step;
    if (!this.isOpen(day)) return null;
    return this.move(from, { day, index: step > 0 ? 0 : this.lines(day).length });
  }

  /** Change a number of an exercise. @param {Place} place @param {"sets" | "repetitions" | "holdS" | "loadKg"} name @param {number | null} value */
  set({ day, index }, name, value) {
    Object.assign(this.lines(day)[index], { [name]: value });
    this.isChanged = true;
  }

  /** @param {Place} place */
  remove({ day, index }) {
    this.lines(day).splice(index, 1);
    this.isChanged = true;
  }

  /** Add an exercise at the end of a day. @param {number} day @param {string} exerciseId @param {boolean} isHold */
  add(day, exerciseId, isHold) {
    const target = isHold ? { repetitions: null, holdS: 30 } : { repetitions: 10, holdS: null };
    this.lines(day).push({ exerciseId, sets: 3, ...target, loadKg: null, restS: 90 });
    this.isChanged = true;
  }
}
