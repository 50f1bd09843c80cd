/**
 * The page that coaches: it wires the training to what is seen, heard and pressed.
 * @module
 */

import "./components/camera-stage.js";
import "./components/cue-dock.js";
import "./components/form-meter.js";
import "./components/phase-bar.js";
import "./components/pre-flight.js";
import "./components/recording-controls.js";
import "./components/rep-counter.js";
import "./components/rep-review.js";
import "./components/rest-timer.js";
import "./components/session-summary.js";
import "./components/site-header.js";

import * as api from "./api.js";
import { clearProblem, showProblem } from "./banner.js";
import { CameraRefused } from "./coach/camera.js";
import { cameraConsent, CONSENT_MISSING } from "./coach/consent.js";
import { showDebug } from "./coach/debug.js";
import { coachKeys } from "./coach/keys.js";
import { canListen, Listener } from "./coach/listening.js";
import { recordBy } from "./coach/recording.js";
import { Reviewing } from "./coach/reviewing.js";
import { Speaker } from "./coach/speech.js";
import { Training } from "./coach/training.js";
import { render } from "./coach/view.js";
import { Watcher } from "./coach/watcher.js";
import { announce, byId, h } from "./dom.js";
import { moment } from "./format.js";
import { LiveSession } from "./live/live-session.js";
import { Snapshots } from "./live/snapshots.js";
import { underWay } from "./live/storage.js";
import { useSessionStore } from "./stores/session.js";
import { useWorkoutStore } from "./stores/workout.js";

const store = useWorkoutStore;
const speaker = new Speaker();
const snapshots = new Snapshots();

const watcher = new Watcher(byId("stage"), {
  onFrame: (frame, counted) => training.frame(frame, counted),
  onLook: (video, timeMs) => training.picture(video, timeMs, snapshots),
  onLights: (lights) => {
    const { stage } = store.get();
    if (stage === "preflight" || stage === "rest") byId("lights").show(lights, stage === "preflight");
    act(training.lit());
  },
  onIgnored: () => announce("Your browser asks whether this page may use the camera. Look for its question beside the address bar, or count by hand."),
  onLost: () => lost("The camera was switched off.", "Its permission was taken back, or it was unplugged."),
  onError: (problem) => lost(problem.title, problem.message),
});

const training = new Training(watcher, {
  onCue: (cue) => byId("cues").add(cue, speaker.say(cue.cue, cue)),
  onCountdown: (left) => {
    byId("countdown").textContent = left > 0 ? String(left) : "";
    if (left > 0) announce(`Starts in ${left}`);
  },
  onProblem: refused,
});

const reviewing = new Reviewing(byId("review"), { onCount: (repetitions) => training.stands(repetitions), onProblem: refused });

const listener = new Listener({
  exercise: () => store.get().exercise,
  isSpeaking: () => speaker.isSpeaking,
  onIntent: (intent, exercise) => WISHES[intent](exercise),
});

/** @param {string} title @param {string} detail */
function lost(title, detail) {
  if (store.get().stage === "counting" && !store.get().paused) training.pause();
  showProblem({ title, detail }, {
    kept: "What was counted is kept.", advice: "Turn the camera on again, or finish the session and go on by hand.",
    action: "Turn on the camera", onAction: () => void watcher.open().catch(refused),
  });
}

/** Say in a banner what did not work, and what does. @param {unknown} error */
function refused(error) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, {
      advice: "You can train without a camera: count by hand, or upload a video.", action: "Count by hand", onAction: () => act(setOut("manual")),
    });
  } else if (error instanceof api.Problem) {
    if (error.code === CONSENT_MISSING && store.get().stage === "counting" && !store.get().paused) training.pause();
    showProblem(error, adviceOn(error));
  } else throw error;
}

/** @param {api.Problem} problem */
function adviceOn({ status, code }) {
  const kept = "What was counted is kept.";
  if (status === 401) return { kept, advice: "Sign in in another tab, then go on here.", action: "Go on", onAction: () => act(training.retry()) };
  if (code === CONSENT_MISSING) return { kept, advice: "No more frames are taken unless you agree.", action: "Read and agree", onAction: () => act(agreeAndGoOn()) };
  return code === "session.unknown" ? {} : { kept, advice: "Try again in a moment." };
}

/** @param {Promise<unknown>} done */
function act(done) {
  done.catch(refused);
}

async function agreeAndGoOn() {
  if ((await cameraConsent(store.get().images)) !== "agreed") return;
  clearProblem();
  if (store.get().stage === "counting" && store.get().paused) training.pause();
}

let settingsOut = 0;

/** Whoever presses twice sets out once, as was wished for last. @param {"landmarks" | "images" | "manual"} mode */
async function setOut(mode) {
  const mine = ++settingsOut;
  const images = mode === "images";
  clearProblem();
  const target = Number(byId("target").value);
  store.set({ target: Number.isInteger(target) && target > 0 ? target : null });
  byId("counter").every = byId("every").value === "5" ? 5 : 1;
  speaker.wanted = byId("voice").checked;
  if (byId("notify").checked && typeof Notification !== "undefined") void Notification.requestPermission();
  await training.choose(byId("exercise").value);
  if (mine !== settingsOut) return;
  const consent = mode === "manual" ? mode : await cameraConsent(images);
  if (mine !== settingsOut || !consent) return;
  store.set({ images: images && consent !== "manual" });
  await listen();
  if (mine !== settingsOut) return;
  if (consent === "manual") training.byHand();
  else await training.look();
  byId("swap").value = store.get().exercise;
  byId("start").focus();
}

/** What is to leave this device. @returns {"landmarks" | "images" | "manual"} */
function leaving() {
  return /** @type {any} */ (new FormData(byId("setup-form")).get("leaves"));
}

/** Start the set or stop it, as it stands. */
function startOrStop() {
  const { stage, armed } = store.get();
  act(stage === "counting" || stage === "countdown" || armed ? training.stop() : training.start());
}

/** What a spoken wish does; what makes no sense at the moment does nothing. @type {Record<import("./coach/intents.js").Intent, (exercise: string | null) => void>} */
const WISHES = {
  start: () => (store.get().paused ? training.pause() : act(training.start())),
  stop: () => act(training.stop()),
  pause: () => { if (!store.get().paused) training.pause(); },
  next: startOrStop,
  undo: () => training.undo(),
  swap: (exercise) => act(swap(exercise)),
};

/** End the set and go on with another exercise: the one that is wished for, or the next of the list. @param {string | null} wished */
async function swap(wished) {
  await training.stop();
  const list = byId("swap");
  const next = list.options[(list.selectedIndex + 1) % list.options.length].value;
  list.value = [...list.options].some((each) => each.value === wished) ? wished : next;
  await training.choose(list.value);
  announce(`${training.definition.name} is next.`);
}

/** Listen, if that is wished for; the rest goes on without. */
async function listen() {
  if (!byId("listen").checked || !canListen) return;
  try {
    await listener.start();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    announce("The microphone was refused. Keys and buttons do the same.");
  }
}

const KEYS = {
  s: startOrStop, n: startOrStop,
  p: () => training.pause(),
  u: () => training.undo(),
};

async function listExercises() {
  const options = [...(await api.exercises()).values()];
  for (const id of ["exercise", "swap"]) byId(id).replaceChildren(...options.map((each) => h("option", { value: each.id, selected: each.id === store.get().exercise }, each.name)));
}

/** A page that was closed in mid-session left one of this athlete's behind; what waited is sent, and it can be summed up. */
async function offerUnfinished() {
  const [athleteId, busy] = [await api.athlete(), await underWay()];
  const [left] = (await LiveSession.unfinished())
    .filter((each) => !each.workoutId && each.athleteId === athleteId && !busy.has(each.sessionId)) // the player goes on with workouts
    .sort((a, b) => b.startedAt - a.startedAt);
  if (!left || store.get().stage !== "setup") return;
  const finish = h("button", { class: "button", type: "button", onclick: () => { clearProblem(); act(training.recover(left.sessionId)); } }, "Finish it");
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, "A session of ", moment(new Date(left.startedAt).toISOString()), " was not finished."), finish));
}

async function sumUp() {
  byId("summary").show(useSessionStore.get().summary, await api.exercises());
  byId("open").href = `/#session=${encodeURIComponent(useSessionStore.get().id ?? "")}`;
  byId("over").showModal();
}

store.subscribe((state, before) => {
  render(state, training.definition);
  if (state.stage === before.stage) return;
  if (state.stage === "counting") byId("cues").clear();
  if (state.stage === "rest") byId("timer").start(Number(byId("rest").value));
  if (before.stage === "rest") byId("timer").stop();
  if (before.stage === "counting" && state.stage === "rest") act(reviewing.show(useSessionStore.get().id ?? "", state.set));
  else reviewing.clear();
  if (state.stage === "summary" || state.stage === "setup") listener.stop();
  if (state.stage === "setup") byId("setup-title").focus();
  if (state.stage === "summary") act(sumUp());
});

byId("setup-form").addEventListener("submit", (event) => { event.preventDefault(); act(setOut(leaving())); });
byId("leaves").addEventListener("change", () => { byId("camera-on").textContent = leaving() === "manual" ? "Start by hand" : "Turn on the camera"; });
byId("by-hand").addEventListener("click", () => act(setOut("manual")));
byId("start").addEventListener("click", startOrStop);
byId("start-anyway").addEventListener("click", () => act(training.start({ anyway: true })));
byId("pause").addEventListener("click", () => training.pause());
byId("undo").addEventListener("click", () => training.undo());
byId("count").addEventListener("click", () => training.tap());
byId("finish").addEventListener("click", () => act(training.finish()));
byId("swap").addEventListener("change", () => act(training.choose(byId("swap").value)));
byId("over").addEventListener("cancel", (event) => event.preventDefault()); // It ends by one of its links.
addEventListener("pagehide", () => { training.leave(); listener.stop(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // It was left: nothing of it works any more.
byId("keys").append(coachKeys((key) => { if (store.get().stage !== "setup") KEYS[key](); }));

byId("listen").closest("label").hidden = !canListen;
render(store.get(), null);
showDebug(watcher, snapshots);
recordBy(training, refused);
act(listExercises());
act(offerUnfinished());
