/**
 * The page of the guided workout: it wires the player to what is seen, heard and pressed.
 * @module
 */

import "./components/amount-field.js";
import "./components/camera-stage.js";
import "./components/cue-dock.js";
import "./components/exercise-brief.js";
import "./components/form-meter.js";
import "./components/phase-bar.js";
import "./components/pre-flight.js";
import "./components/program-builder.js";
import "./components/rep-counter.js";
import "./components/rest-timer.js";
import "./components/site-header.js";
import "./components/workout-results.js";

import * as api from "./api.js";
import { clearProblem, showProblem } from "./banner.js";
import { CameraRefused } from "./coach/camera.js";
import { cameraConsent, CONSENT_MISSING } from "./coach/consent.js";
import { coachKeys } from "./coach/keys.js";
import { canListen, Listener } from "./coach/listening.js";
import { buzz, wakeSounds } from "./coach/sounds.js";
import { Speaker } from "./coach/speech.js";
import { Watcher } from "./coach/watcher.js";
import { announce, byId, uniqueKey } from "./dom.js";
import { ELSEWHERE } from "./live/holding.js";
import { LiveSession } from "./live/live-session.js";
import { useWorkoutStore } from "./stores/workout.js";
import { Acts, once } from "./workout/acting.js";
import { addressOf, choose, inAddress, overview } from "./workout/choosing.js";
import * as doors from "./workout/doors.js";
import { Player } from "./workout/player.js";
import { ON_ITS_WAY } from "./workout/reporter.js";
import * as settings from "./workout/settings.js";
import { sumUp } from "./workout/summing-up.js";
import { hideGuided, render, showGuided, showName } from "./workout/view.js";

const store = useWorkoutStore;
const speaker = new Speaker();
speaker.onSilent = announce;

/** What these say is so for good. */
const REFUSED = new Set([403, 404, 409, 422]);

/** What was done before, by exercise. @type {Map<string, import("./workout/progress.js").ExerciseProgress>} */
let progress = new Map();

const watcher = new Watcher(byId("stage"), {
  onFrame: (frame, counted) => player.frame(frame, counted),
  onLights: (lights) => {
    const { guided } = store.get();
    byId("lights").show(lights, guided?.phase === "instructions");
    player.lit();
  },
  onLost: ({ title, advice }) => lost(title, advice),
  onError: (problem) => lost(problem.title, problem.message),
});

const player = new Player(watcher, {
  onCue: (cue) => { byId("cues").add(cue, speaker.say(cue.say, cue)); buzz(cue); },
  onSay: (text) => { if (speaker.wanted) speaker.say(text, { urgent: true }); },
  onCountdown: (left) => {
    byId("countdown").textContent = left > 0 ? String(left) : "";
    if (left > 0) announce(`Get ready: ${left}`);
  },
  onProblem: refused,
  onOver: (id) => void results(id).catch(refused),
  loadKg: () => byId("brief").loadKg,
});

const acts = new Acts({ player, useCamera: () => act(useCamera()), end: () => act(player.end()) });

const listener = new Listener({
  exercise: () => store.get().exercise,
  isSpeaking: () => speaker.isSpeaking,
  onIntent: (intent) => acts.said(intent),
});

/** @param {string} title @param {string} detail */
function lost(title, detail) {
  store.set({ seeing: false, armed: false });
  if (store.get().guided?.phase === "performing" && !store.get().paused) player.pause();
  showProblem({ title, detail }, { kept: "What was counted is kept.", advice: "Turn the camera on again, or go on by hand.", action: "Count by hand", onAction: byHand });
}

/** Say in a banner what did not work, and what does. @param {unknown} error */
function refused(error) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, { advice: "You can train without a camera.", action: "Count by hand", onAction: byHand });
  } else if (error instanceof api.Problem) {
    if (error.code === CONSENT_MISSING && store.get().guided && !store.get().paused) player.pause();
    isOnItsWay = error.code === ON_ITS_WAY;
    if (error.code === ELSEWHERE) isElsewhere();
    showProblem(error, adviceOn(error));
  } else throw error;
}

/** Another tab has this workout, or has just taken it over: nothing is counted here. */
function isElsewhere() {
  player.leave();
  listener.stop();
  hideGuided();
}

/** The latest that was said is that the workout goes on as soon as the server has what was done before. */
let isOnItsWay = false;

/** What the server will not do is not asked for again; everything else may be. @param {api.Problem} problem @returns {import("./banner.js").Advice} */
function adviceOn({ status, code }) {
  if (code === ON_ITS_WAY) return { kept: "Nothing of it is lost." };
  if (code === ELSEWHERE) return { kept: "What was counted is kept.", action: "Go on here", onAction: () => act(goOn(/** @type {string} */ (inAddress("session")), true)) };
  if (code === CONSENT_MISSING) return { kept: "What was counted is kept.", advice: "No more frames are taken unless you agree.", action: "Read and agree", onAction: () => act(useCamera()) };
  const advice = status === 401 ? "Sign in in another tab, then go on here." : "Try again in a moment.";
  if (!store.get().guided) return status === 404 ? { advice: "Choose a workout from the list." } : { advice };
  const kept = "What was counted is kept.";
  return REFUSED.has(status) ? { kept } : { kept, advice, action: "Try again", onAction: () => player.retry() };
}

/** @param {Promise<unknown>} done */
function act(done) {
  done.catch(refused);
}

function byHand() {
  player.byHand();
  store.set({ seeing: false });
  settings.keep({ ...settings.settings(), byCamera: false });
}

async function useCamera() {
  clearProblem();
  const consent = await cameraConsent();
  if (consent === "manual") byHand();
  if (consent !== "agreed") return;
  const seeing = await player.look();
  store.set({ seeing });
  settings.keep({ ...settings.settings(), byCamera: true });
}

/** @param {settings.Settings} chosen */
async function guide({ byCamera, voice, listen, every }) {
  speaker.wanted = voice;
  byId("counter").every = every;
  store.set({ mode: byCamera ? "landmarks" : "manual" });
  showGuided();
  byId("main-act").focus({ preventScroll: true });
  if (listen && canListen) await listener.startIfAllowed();
}

/** The key of the execution that is to begin: whoever presses again begins the same one. */
const sessionId = uniqueKey();

/** @param {string} workoutId */
async function begin(workoutId) {
  clearProblem();
  const chosen = settings.take();
  if (chosen.notify && typeof Notification !== "undefined") void Notification.requestPermission();
  wakeSounds();
  speaker.wake();
  const execution = await doors.begin({ workoutId, athleteId: await api.athlete(), sessionId });
  await player.open(execution);
  history.replaceState(null, "", addressOf(workoutId, execution.id));
  await guide(chosen);
  if (chosen.byCamera) await useCamera();
}

/** Go on where a page was left, or show what it came to. @param {string} id @param {boolean} [takeOver] From another tab that has it open. */
async function goOn(id, takeOver = false) {
  const execution = await doors.execution(id);
  if (!execution.workoutId) throw new api.Problem({ title: "This session follows no workout.", code: "workout.none", status: 404 });
  const { name } = await doors.prescription(execution.workoutId);
  showName(name);
  if (execution.status === "completed") return over(id);
  progress = await doors.progress(execution.athleteId, execution.lines);
  const now = await player.open(execution, takeOver);
  if (now.status === "completed") return over(id); // its end had waited here
  if (isOnItsWay) clearProblem();
  const chosen = settings.settings();
  return guide({ ...chosen, byCamera: chosen.byCamera && !player.countsByHand });
}

/** What is over is not to be gone on with, whoever ended it. @param {string} id */
async function over(id) {
  await results(id);
  await LiveSession.forget(id);
}

/** The workout was ended; its end may still wait for the network. */
function ending() {
  listener.stop();
  hideGuided();
  byId("results").hidden = byId("back").hidden = false;
  byId("timer").stop();
  byId("summary").wait("Your workout is being summed up.");
}

/** @param {string} id */
async function results(id) {
  ending();
  byId("link").hidden = byId("link-told").hidden = true;
  await sumUp(id, act);
  byId("open").href = `/#session=${encodeURIComponent(id)}`;
  announce("Your workout is done.");
  byId("title").focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function open() {
  const [workout, session] = [inAddress("workout"), inAddress("session")];
  byId("back").hidden = !workout && !session;
  if (session) return goOn(session);
  if (!workout) return choose(refused);
  const plan = await doors.prescription(workout);
  showName(plan.name);
  progress = await doors.progress(await api.athlete(), plan.exercises);
  settings.show(settings.settings());
  overview(plan, await api.exercises(), progress);
  byId("settings").addEventListener("submit", (event) => { event.preventDefault(); act(once(() => begin(workout))); });
}

store.subscribe((state, before) => {
  render(state, { definition: (id) => player.definition(id), progress });
  if (state.stage === "summary" && before.stage !== "summary") ending();
  const [now, then] = [state.guided, before.guided];
  if (!now || now.phase === then?.phase) return;
  byId("title").scrollIntoView({ block: "start" }); // what is new is in sight, whatever was read before
  act(speaker.prepare(store.get().exercise));
  if (now.phase === "performing") byId("cues").clear();
  const resting = (each) => each?.phase === "rest" || each?.phase === "logging";
  if (resting(now) && !resting(then) && now.restEndsMs !== null) byId("timer").start(Math.ceil((now.restEndsMs - Date.now()) / 1000));
  if (!resting(now)) byId("timer").stop();
});

acts.listen();
byId("change-by").addEventListener("click", () => { if (store.get().mode === "manual") act(useCamera()); else byHand(); });
byId("timer").addEventListener("rested", () => player.rested());
byId("timer").addEventListener("moved", ({ detail }) => player.moveRest(detail.byS));
byId("latest").addEventListener("amount", ({ detail }) => player.adjust(detail.amount));
addEventListener("pointerdown", wakeSounds, { once: true });
addEventListener("pagehide", () => { player.leave(); listener.stop(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // It was left: nothing of it works any more.
byId("keys").append(coachKeys((key) => acts.key(key)));

byId("listen").closest("label").hidden = !canListen;
act(open());
