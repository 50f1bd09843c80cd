/**
 * Workout player page: connects the player to camera, voice, keyboard and buttons.
 * @module
 */

import "./amount-field.ts";
import "../ui/camera-stage.ts";
import "../ui/cue-dock.ts";
import "../ui/cue-toast.ts";
import "./exercise-brief.ts";
import "../ui/form-meter.ts";
import "../ui/phase-bar.ts";
import "../ui/pre-flight.ts";
import "../workouts/program-builder.ts";
import "../ui/rep-counter.ts";
import "../ui/rest-timer.ts";
import "../ui/site-header.ts";
import "./workout-results.ts";
import * as api from "../api/client.ts";
import { trainable } from "../api/custom-exercises.ts";
import { clearProblem, showProblem, type Advice } from "../ui/banner.ts";
import { CameraRefused } from "../coach/camera.ts";
import { CONSENT_MISSING, hasStoppedRecording } from "../coach/camera-consent.ts";
import { coachKeys } from "../coach/keyboard.ts";
import { sendLeftRecordings } from "../coach/recording-panel.ts";
import { canListen, Listener } from "../coach/voice-commands.ts";
import { buzz, wakeSounds } from "../coach/sounds.ts";
import { Speaker } from "../coach/speech.ts";
import { Watcher } from "../coach/watcher.ts";
import { announce, byId, fieldOf, onDetail, uniqueKey } from "../ui/dom.ts";
import { ELSEWHERE } from "../live/session-lock.ts";
import { LiveSession } from "../live/live-session.ts";
import { units } from "../i18n/units.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { Actions, once } from "./actions.ts";
import { connectCameraParts } from "./camera-parts.ts";
import { CountingMode } from "./counting-mode.ts";
import { showEnding } from "./ending.ts";
import { ExerciseSwap } from "./exercise-swap.ts";
import * as kept from "./kept-workout.ts";
import { choose, urlParameter, overview } from "../workouts/prescription-picker.ts";
import * as workoutApi from "../workouts/workout-api.ts";
import { executionUrl } from "../workouts/workout-url.ts";
import { current, isResting } from "./state-machine.ts";
import { helpOf, performed, planned, type PlannedLine } from "./planned.ts";
import { Player } from "./player.ts";
import { STILL_SENDING } from "./earlier-data.ts";
import { ahead, count } from "./announcements.ts";
import * as settings from "./settings.ts";
import { showResults } from "./summary.ts";
import { adviceOn, moved, REOPENING } from "./error-banner.ts";
import { hideGuided, render, showGuided, showName } from "./view.ts";
import { t } from "../i18n/l10n.ts";
import type { Line } from "../workouts/plan.ts";
import type { ExerciseProgress } from "./progress.ts";
import type { Execution } from "./resume.ts";

const store = useWorkoutStore;
const speaker = new Speaker();
speaker.onSilent = announce;

/** Previous results by exercise. */
let progress: Map<string, ExerciseProgress> = new Map();

/** Lines of the workout, of which some have a video or a note. */
let plannedLines: PlannedLine[] = [];

/** Load previous results of the exercises, and the unit of the load. */
async function loadProgress(athleteId: string, lines: Line[]) {
  [progress, byId<"exercise-brief">("brief").units] = await Promise.all([workoutApi.progress(athleteId, lines), units()]);
}

const watcher = new Watcher(byId<"camera-stage">("stage"), {
  fault: () => byId<"cue-toast">("toast").fault,
  onFrame: (frame, counted) => player.frame(frame, counted),
  onLook: (video, timeMs) => player.picture(video, timeMs),
  onLights: (lights) => {
    const { guided } = store.get();
    byId<"pre-flight">("lights").show(lights, guided?.phase === "instructions");
    player.lit();
  },
  onLost: ({ title, advice }) => lost(title, advice),
  onError: (problem) => lost(problem.title, problem.message),
});

const player = new Player(watcher, {
  onCue: (cue) => { byId<"cue-dock">("cues").add(cue, speaker.say(cue.say, cue)); byId<"cue-toast">("toast").show(cue); buzz(cue); },
  onSay: (sentences) => { if (speaker.wanted) speaker.say(sentences, { urgent: true }); },
  onCountdown: (left) => {
    byId("countdown").textContent = left > 0 ? String(left) : "";
    if (left > 0) announce(t("get-ready-in", { left }));
  },
  onProblem: refused,
  onOver: (id) => act(over(id)),
  onMoved: (restEndsMs) => { refused(moved()); byId<"rest-timer">("timer").until(restEndsMs); },
  loadKg: () => byId<"exercise-brief">("brief").loadKg,
});
const mode = new CountingMode(player, watcher);
const swap = new ExerciseSwap({ player, progress: () => progress, refused });
const acts = new Actions({ player, useCamera: () => act(mode.useCamera()), end: () => act(player.end()), swap: (exercise) => act(swap.next(exercise)) });

const listener = new Listener({
  exercise: () => store.get().exercise,
  isSpeaking: () => speaker.isSpeaking,
  onIntent: (intent, exercise) => acts.runIntent(intent, exercise),
});

function lost(title: string, detail: string) {
  store.set({ seeing: false, armed: false });
  if (store.get().guided?.phase !== "performing") player.cancel(); else if (!store.get().paused) player.pause();
  showProblem({ title, detail }, { kept: t("reps-kept"), advice: t("camera-again-or-count"), action: t("count-manually"), onAction: () => mode.byHand() });
}

/** Show an error in a banner, with what to do. @param otherwise shown if there is no better advice */
function refused(error: unknown, otherwise: Advice = {}) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, { advice: t("without-camera"), action: t("count-manually"), onAction: () => mode.byHand() });
  } else if (error instanceof api.Problem) {
    if (error.code === CONSENT_MISSING && store.get().guided && !store.get().paused) player.pause();
    isOnItsWay = error.code === STILL_SENDING;
    if (error.code === ELSEWHERE) isElsewhere();
    showProblem(error, { ...otherwise, ...adviceOn(error, Boolean(store.get().guided), actions) });
  } else throw error;
}

/** Another tab has this workout open, or has just taken it over: stop here. */
function isElsewhere() {
  player.leave();
  listener.stop();
  hideGuided();
}

/** Whether the banner says that pending data is still being sent. */
let isOnItsWay = false;

const actions = {
  takeOver: () => act(goOn(urlParameter("session") as string, true)),
  agree: () => act(mode.useCamera()),
  retry: () => player.retry(),
};

const act = (done: Promise<unknown>) => void done.catch(refused);

/** @param keepsVideo whether pictures are recorded, too */
async function guide({ byCamera, listen, notify, every, keep }: settings.Settings, keepsVideo = false) {
  byId<"rep-counter">("counter").every = every;
  byId<"rest-timer">("timer").notifies = notify;
  store.set({ mode: byCamera ? "landmarks" : "manual", keeps: keep, keepsVideo: keep && keepsVideo });
  swap.offer((await trainable()).values());
  showGuided();
  byId("main-action").focus({ preventScroll: true });
  if (listen && canListen) await listener.startIfAllowed();
}

/** ID of the session to begin, from a plan or new; a repeated start begins the same session. */
const sessionId = urlParameter("session") ?? uniqueKey();

async function begin(start: () => Promise<Execution>) {
  clearProblem();
  const chosen = settings.take();
  if (chosen.notify && typeof Notification !== "undefined") void Notification.requestPermission();
  wakeSounds();
  speaker.wanted = chosen.voice;
  speaker.wake();
  const execution = await start();
  await loadProgress(execution.athleteId, execution.lines); // the prescription may have been revised
  await player.open(execution);
  history.replaceState(null, "", executionUrl(execution.id));
  await guide(chosen, byId<"input">("keep-video").checked);
  if (chosen.byCamera) await mode.useCamera();
}

/** Resume a workout, or show its results if it is completed. @param takeOver from another tab that has it open */
async function goOn(id: string, takeOver = false) {
  const { execution, progress: here } = await kept.find(id);
  const { name, exercises } = await performed(execution);
  plannedLines = exercises;
  showName(name);
  if (execution.status === "completed") return over(id);
  await loadProgress(execution.athleteId, execution.lines);
  const chosen = settings.settings();
  if (chosen.byCamera && await hasStoppedRecording()) chosen.keep = false;
  speaker.wanted = chosen.voice;
  const now = await player.open(execution, { takeOver, progress: here });
  if (now.status === "completed") return over(id); // its completion was pending in this browser
  if (player.reporter.isCompleting) return player.complete();
  if (isOnItsWay) clearProblem();
  return guide({ ...chosen, byCamera: chosen.byCamera && !player.countsByHand });
}

/** Show the results and remove the local data of a completed workout. */
async function over(id: string) {
  ending();
  await showResults(id, act);
  await LiveSession.forget(id);
}

/** Show that the workout is being completed, which may have to wait for the network. */
function ending() {
  listener.stop();
  hideGuided();
  byId("results").hidden = byId("back").hidden = false;
  byId<"rest-timer">("timer").stop();
  showEnding(store.get(), (id) => player.definition(id));
}

async function open() {
  const [workout, session] = [urlParameter("workout"), urlParameter("session")];
  byId("back").hidden = !workout && !session && !urlParameter("assignment");
  if (session && !(workout && await kept.isPlanned(session))) return goOn(session);
  const plan = await planned(workout, urlParameter("assignment"), sessionId);
  if (!plan) return choose(refused);
  plannedLines = plan.exercises;
  showName(plan.name);
  await loadProgress(await api.athlete(), plan.exercises);
  settings.show({ ...settings.settings(), ...(await hasStoppedRecording() && { keep: false }) });
  overview(plan, await trainable(), progress, byId<"exercise-brief">("brief").units);
  byId("settings").addEventListener("submit", (event: Event) => { event.preventDefault(); act(once(() => begin(plan.start))); });
}

store.subscribe((state, before) => {
  render(state, { definition: (id) => player.definition(id), progress, help: (step) => helpOf(plannedLines, step) });
  if (state.stage === "summary" && before.stage !== "summary") ending();
  else if (state.stage === "summary" && !byId("summary").dataset.session) showEnding(state, (id) => player.definition(id));
  const [now, then] = [state.guided, before.guided];
  if (!now || now.phase === then?.phase) return;
  byId("title").scrollIntoView({ block: "start" }); // show what is new, wherever the page was scrolled
  const step = current(now);
  if (step) act(speaker.prepare(step.exerciseId, ahead(step, player.definition(step.exerciseId).name)));
  byId<"cue-toast">("toast").clear();
  if (now.phase === "performing") byId<"cue-dock">("cues").clear();
  if (isResting(now) && !isResting(then)) byId<"rest-timer">("timer").until(now.restEndsMs);
  if (!isResting(now)) byId<"rest-timer">("timer").stop();
});

acts.listen();
byId("change-by").addEventListener("click", () => { if (store.get().mode === "manual") act(mode.useCamera()); else mode.byHand(); });
connectCameraParts({ player, isOn: () => watcher.isOn, useCamera: () => act(mode.useCamera()), refused });
onDetail(byId("counter"), "counted", (detail: {repetitions: number}) => { if (store.get().guided?.phase === "performing") speaker.say(count(detail.repetitions), { passing: true }); });
byId("timer").addEventListener("rested", () => player.rested());
onDetail(byId("timer"), "moved", (detail: {byS: number}) => player.moveRest(detail.byS));
onDetail(byId("rating"), "rated", (rpe: number | null) => player.rate(rpe));
onDetail(byId("latest"), "amount", (detail: {amount: number}) => player.adjust(detail.amount));
addEventListener("pointerdown", wakeSounds, { once: true });
document.addEventListener("visibilitychange", () => { if (!document.hidden) player.returned(); });
addEventListener("pagehide", () => { player.leave(); listener.stop(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // restored from the back/forward cache, after everything was stopped: start anew
byId("keys").append(coachKeys((key) => acts.key(key)));
fieldOf("listen").hidden = !canListen;
open().catch((error) => refused(error, REOPENING)).finally(() => void sendLeftRecordings(store.get().guided && store.get().stage !== "summary" ? sessionId : null));
