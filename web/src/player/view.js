/**
 * Rendering of the player page from the training store.
 * @module
 */

import { showLinkStatus, write } from "../coach/view.js";
import { byId, h } from "../ui/dom.js";
import { clock } from "../i18n/format.js";
import { current } from "./state-machine.js";
import { placeWords } from "../workouts/plan.js";
import { beforeOf, suggestedAmount } from "./progress.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("../stores/workout.js").Workout} Workout */
/** @typedef {import("./state-machine.js").Guided} Guided */
/** @typedef {import("../workouts/plan.js").Step} Step */
/** @typedef {import("./progress.js").ExerciseProgress} ExerciseProgress */
/** @typedef {import("./lesson-film.js").LessonPart} LessonPart */

/** Data of the page besides the store. @typedef {{definition: (id: string) => any, progress: Map<string, ExerciseProgress>, lesson: (step: Step) => LessonPart | null}} ViewData */

/** @param {Record<string, boolean>} shown visibility by element ID */
function reveal(shown) {
  for (const [id, isShown] of Object.entries(shown)) byId(id).hidden = !isShown;
}

/** Label of the main button. @param {Workout} state @returns {string} */
export function mainWords({ guided, mode, seeing, armed }) {
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

/** Show the name of the workout as heading and page title. @param {string} name */
export function showName(name) {
  byId("title").replaceChildren(h("bdi", null, name));
  document.title = `${name} · Kinelog`;
}

const GUIDED = ["guided", "place", "progress"];

/** Show the workout instead of the list. */
export function showGuided() {
  for (const id of GUIDED) byId(id).hidden = false;
  for (const id of ["overview", "choosing", "back"]) byId(id).hidden = true;
  byId("title").parentElement.classList.add("compact");
}

/** Hide the workout. */
export function hideGuided() {
  for (const id of GUIDED) byId(id).hidden = true;
  byId("title").parentElement.classList.remove("compact");
}

/** @param {Workout} state @param {ViewData} data */
export function render(state, data) {
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
  write("mode", state.mode === "manual" ? t("you-count") : `${t("camera-counts")}${state.film ? t("mode-filmed") : ""}`);
  showLinkStatus({ ...state, mode: "landmarks" });
}

/** @param {Workout} state @param {Guided} guided @param {Step | null} step */
function panels(state, { phase, restEndsMs }, step) {
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

/** @param {Workout} state @param {Guided} guided @param {Step | null} step */
function controls(state, { phase, amount, isPaused }, step) {
  const isCounting = phase === "performing" && step?.unit === "repetitions";
  const byHand = state.mode === "manual";
  reveal({ count: isCounting, undo: isCounting, pause: phase === "performing", skip: step !== null, "more-actions-toggle": phase !== "over", "skip-exercise": step !== null });
  byId("count").classList.toggle("tap", byHand);
  byId("count").disabled = byId("undo").disabled = isPaused;
  byId("undo").disabled ||= amount === 0;
  byId("change-by").disabled = phase === "countdown" || (!byHand ? false : phase === "performing");
  write("change-by", t(byHand ? "use-camera" : "count-manually"));
  write("count", byHand ? t("plus-one") : "+1");
  byId("count").setAttribute("aria-label", t(byHand ? "plus-one" : "plus-one-missed"));
  write("main-action", mainWords(state));
  write("pause", t(isPaused ? "resume" : "pause"));
  byId("pause").setAttribute("aria-pressed", String(isPaused));
}

/** @param {Guided} guided @param {Step | null} step @param {ViewData} data */
function head({ steps, at, phase }, step, { definition }) {
  const bar = byId("progress");
  bar.max = steps.length;
  bar.value = at;
  bar.textContent = t("sets-done", { done: at, total: steps.length });
  const name = step && definition(step.exerciseId).name;
  const next = phase === "rest" ? `${t("next-is")} ` : "";
  write("place", step ? `${next}${name} · ${placeWords(step)}` : t("all-sets-are-done"));
  write("rest-title", t(phase === "over" ? "last-set" : "rest"));
}

/** @param {Workout} state @param {Guided} guided @param {Step} step @param {ViewData} data */
function coming({ mode }, guided, step, { definition, progress, lesson }) {
  const before = beforeOf(progress.get(step.exerciseId), step);
  byId("brief").show({ step, definition: definition(step.exerciseId), before, byCamera: mode === "landmarks", isNext: guided.phase === "rest", lesson: lesson(step) });
  if (guided.phase === "logging") byId("log").show({ of: guided.at, ...amountLabel(step, definition), amount: suggestedAmount(step), unit: step.unit, hint: hintOf(before, step) });
}

/** Explain the suggested amount, and name the record. @param {import("./progress.js").Before | null} before @param {Step} step */
function hintOf(before, { target }) {
  const last = before?.last ? ` ${t("amount-last-time", { amount: before.last })}` : "";
  return `${t("amount-goal", { target })}${last}${before?.record ? ` ${t("amount-record", { amount: before.record })}` : ""} ${t("amount-change")}`;
}

/** @param {Step} step @param {(id: string) => any} definition */
function amountLabel(step, definition) {
  return { label: t(step.unit === "hold" ? "amount-of-seconds" : "amount-of-repetitions", { exercise: definition(step.exerciseId).name, set: step.set }) };
}

/** Let the athlete correct the latest set during the rest. @param {Guided} guided @param {ViewData} data */
function latest({ done, steps, phase }, { definition }) {
  const last = done.at(-1);
  const step = last && steps[last.at];
  const isShown = Boolean(step && last.set !== null && step.unit === "repetitions" && (phase === "rest" || phase === "over"));
  reveal({ latest: isShown });
  if (isShown && phase === "over") reveal({ "rest-panel": true });
  if (isShown && step && last) byId("latest").show({ of: last.at, ...amountLabel(step, definition), amount: last.amount, unit: step.unit, hint: t("not-right") });
}

/** @param {Workout} state @param {Guided} guided @param {Step | null} step */
function measure(state, { phase, amount }, step) {
  write("elapsed", phase === "performing" ? clock(state.elapsedS) : "");
  const isHold = step?.unit === "hold";
  if (isHold) byId("counter").hold(1000 * amount, step.target);
  else byId("counter").show(phase === "performing" ? amount : 0, step?.target ?? null);
  byId("set-bar").hidden = phase !== "performing" || !step;
  byId("set-bar").max = step?.target ?? 1;
  byId("set-bar").value = Math.min(amount, step?.target ?? 0);
  byId("phase").of(step?.exerciseId ?? "", isHold ? "hold" : "repetitions");
  byId("phase").show(state.phase);
  byId("form").show(state.form);
}
