/**
 * Rendering of the player page from the training store.
 * @module
 */

import "../effort/set-rating.ts";
import { showLinkStatus, showSlow } from "../coach/view.ts";
import { byId, h, write } from "../ui/dom.ts";
import { clock } from "../i18n/format.ts";
import { current, type Guided } from "./state-machine.ts";
import { placeWords, type Step } from "../workouts/plan.ts";
import { beforeOf, suggestedAmount, type Before, type ExerciseProgress } from "./progress.ts";
import { t } from "../i18n/l10n.ts";
import type { Workout } from "../stores/workout.ts";
import type { LessonPart } from "./lesson-clip.ts";
import type { Definition } from "../api/client.ts";

/** Data of the page besides the store. */
type ViewData = {definition: (id: string) => Definition, progress: Map<string, ExerciseProgress>, help: (step: Step) => {lesson: LessonPart | null, note: string}};

/** @param shown visibility by element ID */
function reveal(shown: Record<string, boolean>) {
  for (const [id, isShown] of Object.entries(shown)) byId(id).hidden = !isShown;
}

/** Label of the main button. */
export function mainWords({ guided, mode, seeing, armed }: Workout): string {
  switch (guided?.phase) {
    case "countdown": return t("cancel");
    case "performing": return t("finished");
    case "logging": return t("save");
    case "over": return t("finish-workout");
    default:
      if (armed) return t("cancel");
      if (mode === "landmarks" && !seeing) return t("turn-on-camera");
      if (guided?.phase === "rest") return t("begin-next-set");
      return guided?.isOpen ? t("resume-set") : t("start-set");
  }
}

/** Show the name of the workout as heading and page title. */
export function showName(name: string) {
  byId("title").replaceChildren(h("bdi", null, name));
  document.title = `${name} · Kinelog`;
}

const GUIDED = ["guided", "place", "progress"];

/** Show the workout instead of the list. */
export function showGuided() {
  for (const id of GUIDED) byId(id).hidden = false;
  for (const id of ["overview", "choosing", "back"]) byId(id).hidden = true;
  byId("title").parentElement?.classList.add("compact");
  scrollTo(0, 0); // the button that started it may be far down the page
}

/** Hide the workout. */
export function hideGuided() {
  for (const id of GUIDED) byId(id).hidden = true;
  byId("title").parentElement?.classList.remove("compact");
}

export function render(state: Workout, data: ViewData) {
  const { guided } = state;
  if (!guided || state.stage === "summary") return;
  const step = current(guided);
  byId("guided").dataset.phase = guided.phase;
  byId("guided").dataset.by = state.mode === "manual" ? "hand" : "camera";
  panels(state, guided, step);
  controls(state, guided, step);
  head(guided, step, data);
  if (step) coming(state, guided, step, data);
  latest(guided, data);
  measure(state, guided, step);
  write("mode", state.mode === "manual" ? t("you-count") : `${t("camera-counts")}${state.keepsVideo ? t("mode-filmed") : ""}`);
  showLinkStatus({ ...state, mode: "landmarks" });
}

function panels(state: Workout, { phase, restEndsMs }: Guided, step: Step | null) {
  const { mode, seeing } = state;
  const byCamera = mode === "landmarks";
  const isWorking = phase === "performing" || phase === "countdown";
  reveal({
    stage: isWorking || (byCamera && seeing && phase !== "logging" && phase !== "over"),
    "rest-panel": phase === "rest" || (phase === "logging" && restEndsMs !== null), logging: phase === "logging", "all-done": phase === "over",
    timer: step !== null && (phase === "rest" || phase === "logging"),
    preflight: byCamera && seeing && (phase === "instructions" || phase === "rest"),
    recording: byCamera && seeing && (phase === "performing" || phase === "rest"),
    "override-checks": state.armed, "override-checks-hint": state.armed, "active-set": byCamera && isWorking, brief: step !== null && (phase === "instructions" || phase === "rest" || (!byCamera && isWorking)),
  });
}

function controls(state: Workout, { phase, amount, isPaused }: Guided, step: Step | null) {
  const isCounting = phase === "performing" && step?.unit === "repetitions";
  const byHand = state.mode === "manual";
  reveal({ count: isCounting, undo: isCounting, pause: phase === "performing", skip: step !== null, "more-actions-toggle": phase !== "over", "skip-exercise": step !== null });
  byId("count").classList.toggle("tap", byHand);
  byId<"button">("count").disabled = byId<"button">("undo").disabled = isPaused;
  byId<"button">("undo").disabled ||= amount === 0;
  byId<"button">("change-by").disabled = phase === "countdown" || (!byHand ? false : phase === "performing");
  write("change-by", t(byHand ? "use-camera" : "count-manually"));
  write("count", byHand ? t("plus-one") : "+1");
  byId("count").setAttribute("aria-label", t(byHand ? "plus-one" : "plus-one-missed"));
  write("main-action", mainWords(state));
  write("pause", t(isPaused ? "resume" : "pause"));
  byId("pause").setAttribute("aria-pressed", String(isPaused));
}

function head({ steps, at, phase }: Guided, step: Step | null, { definition }: ViewData) {
  const bar = byId<"progress">("progress");
  bar.max = steps.length;
  bar.value = at;
  bar.textContent = t("sets-done", { done: at, total: steps.length });
  const name = step && definition(step.exerciseId).name;
  const next = phase === "rest" ? `${t("next-is")} ` : "";
  write("place", step ? `${next}${name} · ${placeWords(step)}` : t("all-sets-are-done"));
  write("rest-title", t(phase === "over" ? "last-set" : "rest"));
}

function coming({ mode }: Workout, guided: Guided, step: Step, { definition, progress, help }: ViewData) {
  const before = beforeOf(progress.get(step.exerciseId), step);
  byId<"exercise-brief">("brief").show({ step, definition: definition(step.exerciseId), before, byCamera: mode === "landmarks", isNext: guided.phase === "rest", ...help(step) });
  if (guided.phase === "logging") byId<"amount-field">("log").show({ of: guided.at, ...amountLabel(step, definition), amount: suggestedAmount(step), unit: step.unit, hint: hintOf(before, step) });
}

/** Explain the suggested amount, and name the record. */
function hintOf(before: Before | null, { target }: Step) {
  const last = before?.last ? ` ${t("amount-last-time", { amount: before.last })}` : "";
  return `${t("amount-goal", { target })}${last}${before?.record ? ` ${t("amount-record", { amount: before.record })}` : ""} ${t("amount-change")}`;
}

function amountLabel(step: Step, definition: (id: string) => Definition) {
  return { label: t(step.unit === "hold" ? "amount-of-seconds" : "amount-of-repetitions", { exercise: definition(step.exerciseId).name, set: step.set }) };
}

/** Let the athlete correct and rate the latest set during the rest. */
function latest({ done, steps, phase }: Guided, { definition }: ViewData) {
  const last = done.at(-1);
  const step = last && steps[last.at];
  const isDone = Boolean(step && last.set !== null && (phase === "rest" || phase === "over"));
  const isShown = isDone && step?.unit === "repetitions";
  reveal({ latest: isShown, rating: isDone });
  if (isDone && phase === "over") reveal({ "rest-panel": true });
  if (isDone && step && last) byId<"set-rating">("rating").show({ of: last.set ?? 0, unit: step.unit, rating: last.rpe ?? null });
  if (isShown && step && last) byId<"amount-field">("latest").show({ of: last.at, ...amountLabel(step, definition), amount: last.amount, unit: step.unit, hint: t("not-right") });
}

function measure(state: Workout, { phase, amount }: Guided, step: Step | null) {
  write("elapsed", phase === "performing" ? clock(state.elapsedS) : "");
  const isHold = step?.unit === "hold";
  if (isHold) byId<"rep-counter">("counter").hold(1000 * amount, step.target);
  else byId<"rep-counter">("counter").show(phase === "performing" ? amount : 0, step?.target ?? null);
  byId("set-bar").hidden = phase !== "performing" || !step;
  byId<"progress">("set-bar").max = step?.target ?? 1;
  byId<"progress">("set-bar").value = Math.min(amount, step?.target ?? 0);
  byId<"phase-bar">("phase").of(step?.exerciseId ?? "", isHold ? "hold" : "repetitions");
  byId<"phase-bar">("phase").show(state.phase);
  byId<"form-meter">("form").show(state.form);
  showSlow(state);
}
