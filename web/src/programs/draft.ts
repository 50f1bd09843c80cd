/**
 * Draft of the weeks of a program: moves and changes of exercises in days that were not performed.
 * @module
 */

import type { Schemas } from "../api/client.ts";

export type Line = Schemas["ProgramExercise"];

/** Place of an exercise: its day, from 1 over all weeks, and its index there. */
export type Place = {day: number, index: number};

/** Numbers that a rule changes. */
const TARGETS = ["repetitions", "holdS", "loadKg"] as const;

/** A number of an exercise. */
export type Target = {line: Line, name: typeof TARGETS[number]};

export class Draft {
  performed: Set<number>;
  efforts: Schemas["Program"]["efforts"];
  notes: Schemas["ProgramNote"][];
  weeks: Schemas["ProgramWeek"][];
  isChanged: boolean;

  constructor(program: Schemas["Program"]) {
    this.performed = new Set(program.performed);
    this.efforts = program.efforts;
    this.notes = program.notes;
    this.weeks = structuredClone(program.weeks);
    this.isChanged = false;
  }

  /** The days of all weeks, in order. */
  get days(): Schemas["ProgramDay"][] {
    return this.weeks.flatMap(({ days }) => days);
  }

  /** The exercises as they are now, each with a copy. */
  snapshot(): [Line, Line][] {
    return this.days.flatMap(({ exercises }) => exercises).map((line) => [line, { ...line }]);
  }

  /**
   * Take over what the server has changed in a program: targets, unless they were changed here, and weeks that were added.
   * @param before the exercises as they were stored before that
   * @returns the targets
   */
  take({ weeks, efforts }: Schemas["Program"], before: [Line, Line][]): Target[] {
    const now = weeks.flatMap(({ days }) => days).flatMap(({ exercises }) => exercises);
    const targets = before.flatMap(([line, was], index) => {
      const is = now[index];
      if (is?.exerciseId !== was.exerciseId) return []; // the program was also changed elsewhere, and cannot be saved
      return TARGETS.filter((name) => is[name] !== was[name] && line[name] === was[name]).map((name) => ({ line, name, value: is[name] }));
    });
    for (const { line, name, value } of targets) Object.assign(line, { [name]: value });
    this.weeks.push(...structuredClone(weeks.slice(this.weeks.length)));
    this.efforts = efforts;
    return targets;
  }

  /** Whether a day can still be changed. */
  isOpen(day: number) {
    return day >= 1 && day <= this.days.length && !this.performed.has(day);
  }

  lines(day: number): Line[] {
    return this.days[day - 1].exercises;
  }

  /**
   * Move an exercise to a place of an open day.
   * @returns where it is then; null if it stays
   */
  move(from: Place, to: Place): Place | null {
    if (!this.isOpen(from.day) || !this.isOpen(to.day)) return null;
    const [line] = this.lines(from.day).splice(from.index, 1);
    const index = Math.min(Math.max(0, to.index), this.lines(to.day).length);
    this.lines(to.day).splice(index, 0, line);
    this.isChanged = true;
    return { day: to.day, index };
  }

  /**
   * Move an exercise one place up or down; at the end of its day, into the next open day.
   * @returns where it is then; null if it stays
   */
  shift(from: Place, step: 1 | -1): Place | null {
    const index = from.index + step;
    if (index >= 0 && index < this.lines(from.day).length) return this.move(from, { day: from.day, index });
    let day = from.day + step;
    while (day >= 1 && day <= this.days.length && !this.isOpen(day)) day += step;
    if (!this.isOpen(day)) return null;
    return this.move(from, { day, index: step > 0 ? 0 : this.lines(day).length });
  }

  /** Change a number of an exercise. */
  set({ day, index }: Place, name: "sets" | "repetitions" | "holdS" | "loadKg" | "targetRpe", value: number | null) {
    Object.assign(this.lines(day)[index], { [name]: value });
    this.isChanged = true;
  }

  /** The note to an exercise, "" for none. */
  noteTo(exerciseId: string) {
    return this.notes.find((each) => each.exerciseId === exerciseId)?.text ?? "";
  }

  /** Change the note to an exercise. @param text "" removes it */
  note(exerciseId: string, text: string) {
    const others = this.notes.filter((each) => each.exerciseId !== exerciseId);
    this.notes = text ? [...others, { exerciseId, text }] : others;
    this.isChanged = true;
  }

  remove({ day, index }: Place) {
    this.lines(day).splice(index, 1);
    this.isChanged = true;
  }

  /** Add an exercise at the end of a day. */
  add(day: number, exerciseId: string, isHold: boolean) {
    const target = isHold ? { repetitions: null, holdS: 30 } : { repetitions: 10, holdS: null };
    this.lines(day).push({ exerciseId, sets: 3, ...target, loadKg: null, restS: 90 });
    this.isChanged = true;
  }
}
