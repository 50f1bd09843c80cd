/**
 * The verdict on a session: what was done and what to change, in two sentences.
 * @module
 */

import { isolated, length } from "../i18n/format.ts";
import { exerciseNames, exercisesOf } from "./exercise-names.ts";
import { REASONS } from "./repetition-table.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import type { Exercise, PlacedRepetition, Session } from "../api/client.ts";

/** Faster lowering than this has no control. */
const FAST_S = 0.8;

/** From this share of fast repetitions on, the tempo is the advice. */
const MOSTLY = 0.5;

/** `tone` fair: there is something to correct */
type Verdict = {headline: string, advice: string, tone: "good" | "fair"};

/** Plural of an exercise's English name, in lower case; a name in another script has no ending. */
function plural(name: string) {
  const word = name.toLowerCase();
  if (!/[a-z]$/.test(word)) return word;
  if (/s$/.test(word)) return /(ss|sh|ch|x)$/.test(word) ? `${word}es` : word;
  return /(ss|sh|ch|x)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Whether a repetition has no fault and good form, as far as it was judged. */
export function isClean({ faults, form }: Pick<PlacedRepetition, "faults" | "form">) {
  return faults.length === 0 && (form === null || form >= 0.85);
}

/** "Rep 3", "Reps 3 and 4" or "5 reps". */
function reps(places: number[]) {
  if (places.length === 1) return t("rep-number", { rep: places[0] });
  return places.length === 2 ? t("reps-two", { first: places[0], second: places[1] }) : t("reps-many", { count: places.length });
}

function adviceOn(repetitions: PlacedRepetition[], exercise: Exercise | null): Pick<Verdict, "advice" | "tone"> {
  const places: Map<string, number[]> = new Map();
  for (const rep of repetitions) for (const fault of rep.faults) places.set(fault, [...(places.get(fault) ?? []), rep.place]);
  const [worst] = [...places].sort(([, a], [, b]) => b.length - a.length);
  const cue = worst && exercise?.faults.find(({ id }) => id === worst[0])?.cue;
  if (worst && cue) return { advice: `${reps(worst[1])}: ${cue.charAt(0).toLowerCase()}${cue.slice(1)}.`, tone: "fair" };
  const lowered = repetitions.flatMap(({ tempo }) => (tempo ? [tempo.eccentricS] : []));
  const fast = lowered.filter((seconds) => seconds < FAST_S).length;
  if (lowered.length > 0 && fast / lowered.length > MOSTLY) return { advice: t("slow-down"), tone: "fair" };
  return { advice: repetitions.every(({ form }) => form === null) ? "" : t("steady"), tone: "good" };
}

/** Say how many movements did not count, and the most frequent reason. */
function rejectedWords(rejected: {reason: string}[]) {
  const counts: Map<string, number> = new Map();
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [[reason]] = [...counts].sort(([, a], [, b]) => b - a);
  const why = REASONS[reason] ?? "";
  return `${t("more-not-counted", { count: rejected.length })}${why ? `: ${why.charAt(0).toLowerCase()}${why.slice(1)}` : "."}`;
}

type Judged = Pick<Session, "status" | "sets" | "rejectedRepetitions" | "durationMs" | "exerciseId" | "countedBy"> & {repetitions: PlacedRepetition[]};

/** Return the verdict on a session. */
export function verdict({ status, sets, repetitions, rejectedRepetitions, durationMs, exerciseId, countedBy }: Judged, exercises: Map<string, Exercise>): Verdict {
  const trained = exercisesOf(sets);
  const several = trained.length > 1;
  const exercise = exercises.get(exerciseId ?? "") ?? null;
  const heldMs = sets.reduce((sum, set) => sum + (set.holdMs ?? 0), 0);
  if (status !== "COMPLETED") return { headline: t("still-in-progress"), advice: t("still-in-progress-what"), tone: "good" };
  if (repetitions.length === 0) {
    if (heldMs > 0) return { headline: t("verdict-held", { length: length(heldMs) }), advice: "", tone: "good" };
    return { headline: t("no-reps-counted"), advice: t("no-reps-advice"), tone: "fair" };
  }
  const many = repetitions.length;
  if (several) return { headline: t("verdict-several", { exercises: exerciseNames({ exerciseId, exercises: trained }, exercises), count: many, sets: sets.length }), advice: "", tone: "good" };
  const what = !exercise ? t(many === 1 ? "verdict-rep" : "verdict-reps") : isolated(LANGUAGE !== "en" ? exercise.name : many === 1 ? exercise.name.toLowerCase() : plural(exercise.name));
  if (countedBy?.source === "MANUAL") return { headline: t("verdict-plain", { count: many, what }), advice: t("verdict-by-hand", { length: length(durationMs) }), tone: "good" };
  const clean = repetitions.filter(isClean).length;
  const headline = t(clean === many ? "verdict-all-clean" : clean === 0 ? "verdict-plain" : "verdict-some-clean", { count: many, what, clean });
  const advice = adviceOn(repetitions, exercise);
  if (advice.tone === "good" && rejectedRepetitions.length > 0) return { headline, advice: rejectedWords(rejectedRepetitions), tone: "fair" };
  return { headline, ...advice };
}
