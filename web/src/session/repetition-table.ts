/**
 * Tables of counted repetitions and of rejected movements.
 * @module
 */

import { h, icon } from "../ui/dom.ts";
import { clock, decimal, formBadge, length, percent, tempoMark, words } from "../i18n/format.ts";
import { isDefined, type ListedExercise } from "./exercise-definitions.ts";
import { isRatable } from "./set-ratings.ts";
import { rpe } from "../workouts/effort.ts";
import { faultFeedback } from "./fault-feedback.ts";
import { measuredWords, worstMoment, type Recording } from "./worst-moment.ts";
import { t } from "../i18n/l10n.ts";
import type { RejectedRepetition, Session } from "../api/client.ts";
import type { Fault } from "../motion/observer.ts";

const COLUMNS = [t("rep"), t("rep-start"), t("rep-end"), t("tempo"), t("range-of-motion"), t("form"), t("faults-and-cues")];

/** Reasons why a movement was not counted. */
export const REASONS: Record<string, string> = {
  too_shallow: t("reason-too-shallow"),
  too_fast: t("reason-too-fast"),
  too_slow: t("reason-too-slow"),
  pose_lost: t("reason-pose-lost"),
  incomplete: t("reason-incomplete"),
  after_session: t("reason-after-session"),
  not_periodic: t("reason-not-periodic"),
  athlete: t("reason-athlete"),
  later_look: t("reason-later-look"),
};

export function repetitionKey({ set, number }: {set: number, number: number}): string {
  return `${set}.${number}`;
}

/** `place`: its number among those of the set that count */
export type Rep = Session["repetitions"][number] & {place: number};
type SessionSet = Session["sets"][number];

/** A cell with its column name, shown when the table is laid out as cards. */
function cell(column: string, ...content: (Node | string | null | false)[]) {
  return h("td", { role: "cell", "data-label": column }, ...content);
}

/** Repetitions of a session, grouped by set if there are several. */
export class RepetitionTable {
  exercises: Map<string, ListedExercise>;
  onLoop: ((key: string) => void) | null;
  session: Omit<Session, "repetitions"> & {repetitions: Rep[]};
  recording: Recording | null;
  stills: {element: HTMLElement, draw: () => void}[];
  rows: Map<string, {row: HTMLElement, button: HTMLElement | null, start: number, end: number}>;
  element: HTMLElement;

  /**
   * @param exercises with the definitions of those of the session
   * @param onLoop null if there is no video
   * @param recording null if no poses were kept
   */
  constructor(session: Omit<Session, "repetitions"> & {repetitions: Rep[]}, exercises: Map<string, ListedExercise>, onLoop: ((key: string) => void) | null, recording: Recording | null = null) {
    this.exercises = exercises;
    this.onLoop = onLoop;
    this.session = session;
    this.recording = recording;
    this.stills = [];
    this.rows = new Map();
    this.element = h("div", null, ...this.content());
  }

  content() {
    const { sets, repetitions } = this.session;
    const unjudged = sets.filter((set) => set.unjudged?.length).map((set) => h("p", { class: "muted" }, t("not-assessed", { set: this.setName(set), faults: (set.unjudged ?? []).map((fault) => words(fault).toLowerCase()).join(", ") })));
    unjudged.push(...sets.map((set) => this.others(set)).filter((each) => each !== null));
    const holds = sets.filter((set) => set.holdMs > 0).map((set) => h("p", { class: "hold" }, t("set-held-for", { set: this.setName(set) }), " ", h("b", null, length(set.holdMs))));
    const rated = isRatable(this.session) ? [] : sets.filter((set) => set.rpe != null); // others can be changed below the table
    holds.push(...rated.map((set) => h("p", { class: "hold" }, `${this.setName(set)}: `, h("b", null, rpe(set.rpe as number)))));
    if (!repetitions.length) return holds.length ? [...holds, ...unjudged] : [h("p", { class: "muted" }, t("no-reps-counted"))];
    return [...holds, h("table", { class: "data reps", role: "table" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, COLUMNS.map((name) => h("th", { role: "columnheader", scope: "col" }, name)))),
      sets.map((set) => this.group(set, repetitions.filter((rep) => rep.set === set.number)))), ...unjudged];
  }

  setName(set: SessionSet) {
    return t("set-exercise", { set: set.number, exercise: this.exercises.get(set.exerciseId)?.name ?? words(set.exerciseId) });
  }

  group(set: SessionSet, repetitions: Rep[]) {
    if (!repetitions.length) return null;
    const title = this.session.sets.length > 1 && h("tr", { role: "row", class: "set-row" },
      h("th", { role: "rowheader", scope: "rowgroup", colspan: COLUMNS.length }, this.setName(set)));
    return h("tbody", { role: "rowgroup" }, title, repetitions.map((rep) => this.row(rep, set)));
  }

  row(rep: Rep, set: SessionSet) {
    const key = repetitionKey(rep);
    const button = this.onLoop && h("button", { class: "button rep-number", type: "button", "aria-pressed": "false", "aria-label": t("loop-rep", { rep: rep.place }), onclick: () => this.onLoop?.(key) }, icon("loop"), rep.place);
    const row = h("tr", { role: "row" },
      h("th", { role: "rowheader", scope: "row" }, button ?? h("b", null, rep.place)),
      cell(t("rep-start"), clock(rep.startMs / 1000, 2)),
      cell(t("rep-end"), clock(rep.endMs / 1000, 2)),
      cell(t("tempo"), tempoMark(rep.tempo)),
      cell(t("range-of-motion"), rep.rangeOfMotionDeg === null ? h("span", { class: "muted" }, t("not-measured")) : `${Math.round(rep.rangeOfMotionDeg)}°`),
      cell(t("form"), formBadge(rep.form), rep.form === null && !rep.unjudged?.length ? null : this.why(rep, set)),
      cell(t("faults-and-cues"), this.faults(rep, set)));
    this.rows.set(key, { row, button, start: rep.startMs / 1000, end: rep.endMs / 1000 });
    return row;
  }

  /** The faults that are judged in a set, if the definition of its exercise is known. */
  faultsOf({ exerciseId }: SessionSet): Fault[] {
    const exercise = this.exercises.get(exerciseId);
    return isDefined(exercise) ? exercise.faults : [];
  }

  /** What the score of a repetition rests on: the faults that were judged, those that were not, and the measurements. */
  why(rep: Rep, set: SessionSet) {
    const definitions = this.faultsOf(set);
    const all = definitions.map(({ id }) => id);
    const unjudged = rep.unjudged ?? [];
    const judgementOf = (id: string) => rep.judgements?.find((each) => each.fault === id);
    const clear = all.filter((id) => !rep.faults.includes(id) && !unjudged.includes(id));
    const slight = clear.filter((id) => judgementOf(id)?.degree === "SLIGHT");
    const measured = (id: string) => {
      const [fault, judgement] = [definitions.find((each) => each.id === id), judgementOf(id)];
      return fault && judgement ? ` (${measuredWords(fault, judgement)}${judgement.degree === "SEVERE" ? `; ${t("degree-severe")}` : ""})` : "";
    };
    const named = (ids: string[]) => ids.map((id) => words(id).toLowerCase() + measured(id)).join("; ");
    const reasons = [
      rep.form === null && t("form-not-judged"),
      rep.faults.length && t("faults-seen", { faults: named(rep.faults) }),
      slight.length && t("faults-slight", { faults: named(slight) }),
      clear.length > slight.length && t("faults-not-seen", { faults: named(clear.filter((id) => !slight.includes(id))) }),
      unjudged.length && t("faults-not-judged", { faults: named(unjudged) }),
      rep.unjudged === null && t("judged-unknown"),
      rep.tempo && t("tempo-took", { lower: decimal(rep.tempo.eccentricS, 1), lift: decimal(rep.tempo.concentricS, 1) }),
      rep.rangeOfMotionDeg !== null && t("range-degrees", { degrees: Math.round(rep.rangeOfMotionDeg) }),
      rep.symmetry != null && t("symmetry", { share: percent(rep.symmetry) }),
    ].filter(Boolean);
    return h("details", { class: "why" }, h("summary", null, t("why"), h("span", { class: "visually-hidden" }, " ", t("form-of-rep", { rep: rep.number }))),
      this.worst(rep, definitions),
      h("ul", null, reasons.map((reason) => h("li", null, reason))),
      this.missed(rep, clear));
  }

  /** Stills of the moments at which the reported faults of a repetition were worst. */
  worst(rep: Rep, definitions: Fault[]) {
    const { recording } = this;
    if (!recording) return null;
    const stills = definitions.filter(({ id }) => rep.faults.includes(id)).flatMap((fault) => {
      const judgement = rep.judgements?.find((each) => each.fault === fault.id);
      return judgement ? [worstMoment(rep, fault, judgement, recording)] : [];
    });
    this.stills.push(...stills);
    return stills.length ? h("div", { class: "stills" }, stills.map(({ element }) => element)) : null;
  }

  /** Draw the stills, once the poses are loaded. */
  drawStills() {
    for (const still of this.stills) still.draw();
  }

  /** Buttons to say that a fault was there which was judged as not seen. */
  missed(rep: Rep, clear: string[]) {
    const judged = clear.filter((id) => rep.judgements?.some(({ fault }) => fault === id));
    if (!judged.length) return null;
    return h("div", { class: "missed" }, h("p", { class: "muted" }, t("was-one-there")), h("ul", { class: "faults" }, judged.map((id) => h("li", null, words(id), " ", faultFeedback(this.session, rep, id, "missed")))));
  }

  faults(rep: Rep, set: SessionSet) {
    const faults = this.faultsOf(set);
    const spoken = this.session.cues.filter((cue) => cue.fault !== null && cue.set === rep.set && cue.repetition === rep.number);
    const cues: Map<string, string> = new Map(spoken.map(({ fault, cue }) => [fault ?? "", cue])); // also what is no fault of the definition, such as the tempo
    for (const id of rep.faults) cues.set(id, faults.find((fault) => fault.id === id)?.cue ?? cues.get(id) ?? "");
    if (!cues.size) return h("span", { class: "muted" }, t("no-faults"));
    return h("ul", { class: "faults" }, [...cues].map(([id, cue]) => h("li", null, h("b", null, words(id)), cue && ` ${cue}.`, " ", faultFeedback(this.session, rep, id, "wrong"))));
  }

  /** Cues of a set that are about no repetition, with how often each was given. */
  others(set: SessionSet) {
    const times = new Map();
    for (const { set: number, repetition, cue } of this.session.cues) {
      if (number === set.number && repetition === null) times.set(cue, (times.get(cue) ?? 0) + 1);
    }
    if (!times.size) return null;
    return h("p", null, t("other-cues", { set: this.setName(set), cues: [...times].map(([cue, count]) => (count > 1 ? t("cue-times", { cue, count }) : cue)).join(", ") }));
  }

  /** Mark the repetition at a time. @param time seconds */
  setTime(time: number) {
    for (const { row, start, end } of this.rows.values()) {
      const now = time >= start && time < end;
      row.classList.toggle("now", now);
      if (now) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** @param key of the looped repetition */
  setLooped(key: string | null) {
    for (const [each, { button }] of this.rows) button?.setAttribute("aria-pressed", String(each === key));
  }
}

/**
 * @param onSeek seconds
 * @returns null if nothing was rejected
 */
export function rejectedTable(rejected: RejectedRepetition[], onSeek: ((time: number) => void) | null): HTMLElement | null {
  if (!rejected.length) return null;
  const time = (ms: number) => onSeek
    ? h("button", { class: "button", type: "button", "aria-label": t("show-at", { time: clock(ms / 1000, 1) }), onclick: () => onSeek(ms / 1000) }, clock(ms / 1000, 2))
    : clock(ms / 1000, 2);
  return h("table", { class: "data" },
    h("caption", null, t("movements-not-counted", { count: rejected.length })),
    h("thead", null, h("tr", null, [t("from"), t("length"), t("reason")].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, rejected.map(({ startMs, endMs, reason }) => h("tr", null,
      h("td", null, time(startMs)), h("td", null, t("seconds-exact", { seconds: decimal((endMs - startMs) / 1000, 1) })), h("td", null, REASONS[reason] ?? words(reason))))));
}
