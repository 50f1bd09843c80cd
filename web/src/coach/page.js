/**
 * Coach page: connects the training to camera, voice, keyboard and buttons.
 * @module
 */

import "../ui/camera-choice.js";
import "../ui/camera-placement.js";
import "../ui/camera-stage.js";
import "../ui/cue-dock.js";
import "../ui/cue-toast.js";
import "../ui/form-meter.js";
import "../ui/phase-bar.js";
import "../ui/pre-flight.js";
import "../exercises/exercise-tiles.js";
import "./recording-controls.js";
import "../ui/rep-counter.js";
import "./rep-review.js";
import "../ui/rest-timer.js";
import "./saved-workout.js";
import "./session-summary.js";
import "../ui/site-header.js";

import * as api from "../api/client.js";
import { clearProblem } from "../ui/banner.js";
import { chooseCamera, showChosen } from "./camera-picker.js";
import { cameraConsent, CONSENT_MISSING, hasStoppedRecording } from "./camera-consent.js";
import { showDebug } from "./debug-panel.js";
import { coachKeys } from "./keyboard.js";
import { canListen, Listener } from "./voice-commands.js";
import { connectRecordingControls, sendLeftRecordings } from "./recording-panel.js";
import { RepetitionReview } from "./repetition-review.js";
import { lastExercise, recall, recallTarget, remember, showKept, target, targetOf } from "./settings.js";
import { buzz } from "./sounds.js";
import { Speaker } from "./speech.js";
import { showCameraLoss, showTrainingError } from "./error-banner.js";
import { Training } from "./training.js";
import { offerUnfinished } from "./unfinished-notice.js";
import { render } from "./view.js";
import { Watcher } from "./watcher.js";
import { announce, byId, h } from "../ui/dom.js";
import { connectFullScreen } from "../ui/full-screen.js";
import { Snapshots } from "../live/snapshots.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";
import { t } from "../i18n/l10n.js";

const store = useWorkoutStore;
const speaker = new Speaker();
speaker.onSilent = announce;
const snapshots = new Snapshots();

const watcher = new Watcher(byId("stage"), {
  fault: () => byId("toast").fault,
  onFrame: (frame, counted) => training.frame(frame, counted),
  onLook: (video, timeMs) => training.picture(video, timeMs, snapshots),
  onLights: (lights) => {
    const { stage } = store.get();
    if (stage === "preflight" || stage === "rest") byId("lights").show(lights, stage === "preflight");
    act(training.lit());
  },
  onLost: lost,
  onError: ({ title, message }) => lost({ title, detail: message, advice: t("camera-on-again") }),
});

const training = new Training(watcher, {
  onCue: (cue) => {
    byId("cues").add(cue, speaker.say(cue.say, cue));
    byId("toast").show(cue);
    buzz(cue);
  },
  onCountdown: (left) => {
    byId("countdown").textContent = left > 0 ? String(left) : "";
    if (left > 0) announce(t("starts-in", { left }));
  },
  onProblem: refused,
});

const reviewing = new RepetitionReview(byId("review"), { onCount: (repetitions) => training.stands(repetitions), onProblem: refused });

const listener = new Listener({
  exercise: () => store.get().exercise,
  isSpeaking: () => speaker.isSpeaking,
  onIntent: (intent, exercise) => INTENT_ACTIONS[intent](exercise),
});

/** @param {import("./camera.js").Loss} why */
function lost(why) {
  const { stage, paused } = store.get();
  if (stage === "counting" && !paused) training.pause();
  if (stage === "countdown") act(training.stop());
  showCameraLoss(why, () => act(turnOn()));
}

/** Show an error in a banner, with what to do. @param {unknown} error */
function refused(error) {
  if (error instanceof api.Problem && error.code === CONSENT_MISSING && store.get().stage === "counting" && !store.get().paused) training.pause();
  showTrainingError(error, { byHand: () => act(startTraining("manual")), retry: () => training.retry(), agree: () => act(agreeAndGoOn()) });
}

/** @param {Promise<unknown>} done */
const act = (done) => void done.catch(refused);

async function agreeAndGoOn() {
  if ((await cameraConsent({ images: store.get().images || store.get().film, keeps: store.get().keeps })) !== "agreed") return;
  clearProblem();
  if (store.get().stage === "counting" && store.get().paused) training.pause();
}

let startAttempts = 0;
/** Start training. If called twice, the last call wins. @param {"landmarks" | "images" | "manual"} mode */
async function startTraining(mode) {
  const mine = ++startAttempts;
  const images = mode === "images";
  const isFirst = store.get().stage === "setup";
  clearProblem();
  remember();
  if (isFirst) store.set({ target: target() });
  byId("counter").every = byId("every").value === "5" ? 5 : 1;
  speaker.wanted = byId("voice").checked;
  speaker.wake();
  byId("timer").notifies = byId("notify").checked;
  if (byId("notify").checked && typeof Notification !== "undefined") void Notification.requestPermission();
  await training.choose(isFirst ? byId("exercise").value : store.get().exercise);
  if (mine !== startAttempts) return;
  const keeps = byId("keep").checked;
  const film = keeps && byId("film").checked;
  const consent = mode === "manual" ? mode : await cameraConsent({ images: images || film, keeps });
  if (mine !== startAttempts || !consent) return;
  store.set({ images: images && consent !== "manual", keeps, film });
  act(listen()); // the camera is requested even while the microphone prompt is open
  if (consent === "manual") training.byHand();
  else await turnOn();
  byId("swap").value = store.get().exercise;
  byId("start").focus();
}

/** Turn on the camera; now the browser names the devices. */
async function turnOn() {
  await (store.get().stage === "setup" ? training.look() : watcher.open());
  camera.refresh();
}

/** Return the selected mode. @returns {"landmarks" | "images" | "manual"} */
function selectedMode() {
  return /** @type {any} */ (new FormData(byId("setup-form")).get("leaves"));
}

/** Start or stop the set. */
function startOrStop() {
  const { stage, armed } = store.get();
  act(stage === "counting" || stage === "countdown" || armed ? training.stop() : training.start());
}

/** Actions by voice intent; an action that does not apply at the moment does nothing. @type {Record<import("./intents.js").Intent, (exercise: string | null) => void>} */
const INTENT_ACTIONS = {
  start: () => (store.get().paused ? training.pause() : act(training.start())),
  stop: () => act(training.stop()),
  pause: () => { if (!store.get().paused) training.pause(); },
  next: startOrStop,
  undo: () => training.undo(),
  swap: (exercise) => act(swap(exercise)),
};

/** End the set and continue with another exercise: the requested one, or the next in the list. @param {string | null} requested */
async function swap(requested) {
  await training.stop();
  const list = byId("swap");
  const next = list.options[(list.selectedIndex + 1) % list.options.length].value;
  list.value = [...list.options].some((each) => each.value === requested) ? requested : next;
  await goOnWith(list.value);
  announce(t("is-next", { exercise: training.definition.name }));
}

/** Switch to another exercise, with its last goal. @param {string} exercise */
async function goOnWith(exercise) {
  await training.choose(exercise);
  store.set({ target: targetOf(exercise) });
  byId("next-target").value = String(store.get().target ?? "");
}

/** Start voice control if it is enabled. */
async function listen() {
  if (byId("listen").checked && canListen) await listener.startIfAllowed();
}

const KEYS = { s: startOrStop, n: startOrStop, p: () => training.pause(), u: () => training.undo() };

async function listExercises() {
  const options = [...(await api.exercises()).values()];
  byId("exercise").offer(options, lastExercise() ?? store.get().exercise);
  byId("swap").replaceChildren(...options.map((each) => h("option", { value: each.id, selected: each.id === store.get().exercise }, each.name)));
  recall();
  await showChosen();
  if (await hasStoppedRecording()) byId("keep").checked = false;
  showKept();
}

async function sumUp() {
  byId("summary").show(useSessionStore.get().summary, await api.exercises());
  await byId("saved").show(useSessionStore.get().summary);
  byId("open").href = `/#session=${encodeURIComponent(useSessionStore.get().id ?? "")}`;
  byId("completed-dialog").showModal();
}

store.subscribe((state, before) => {
  render(state, training.definition);
  if (state.stage !== "setup" && (before.stage === "setup" || state.exercise !== before.exercise)) act(speaker.prepare(state.exercise));
  if (state.stage === before.stage) return;
  byId("toast").clear();
  if (state.stage === "counting") byId("cues").clear();
  if (state.stage === "countdown" || state.stage === "counting") byId("stage").scrollIntoView({ block: "start" });
  if (state.stage === "rest") {
    byId("next-target").value = String(state.target ?? "");
    byId("timer").start(Number(byId("rest").value));
  }
  if (before.stage === "rest") byId("timer").stop();
  if (before.stage === "counting" && state.stage === "rest") act(reviewing.show(useSessionStore.get().id ?? "", state.set));
  else reviewing.clear();
  if (state.stage === "summary" || state.stage === "setup") listener.stop();
  if (state.stage === "setup") byId("setup-title").focus();
  if (state.stage === "summary") act(sumUp());
});
byId("setup-form").addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); act(startTraining(selectedMode())); });
byId("exercise").addEventListener("change", () => { recallTarget(); act(showChosen()); });
for (const id of ["keep", "film", "leaves"]) byId(id).addEventListener("change", showKept);
byId("change-kept").addEventListener("click", () => { byId("settings").open = true; byId("keep").focus(); });
byId("leaves").addEventListener("change", () => { byId("camera-on").textContent = selectedMode() === "manual" ? t("start-manually") : t("turn-on-camera"); });
for (const id of ["by-hand", "by-hand-now"]) byId(id).addEventListener("click", () => act(startTraining("manual")));
byId("start").addEventListener("click", startOrStop);
byId("start-anyway").addEventListener("click", () => act(training.start({ anyway: true })));
byId("pause").addEventListener("click", () => training.pause());
byId("undo").addEventListener("click", () => training.undo());
byId("count").addEventListener("click", () => training.tap());
byId("finish").addEventListener("click", () => act(training.finish()));
byId("swap").addEventListener("change", () => act(goOnWith(byId("swap").value)));
byId("next-target").addEventListener("change", () => store.set({ target: Number(byId("next-target").value) || null }));
byId("completed-dialog").addEventListener("cancel", (/** @type {Event} */ event) => event.preventDefault()); // the dialog closes by one of its links
addEventListener("pagehide", () => { training.leave(); listener.stop(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // restored from the back/forward cache, after the camera was stopped: start anew
byId("keys").append(coachKeys((key) => { if (store.get().stage !== "setup") KEYS[key](); }));

connectFullScreen(byId("full-screen"));
const camera = chooseCamera(watcher, () => act(turnOn()));
byId("listen").closest("label").hidden = !canListen;
render(store.get(), null);
showDebug(watcher, snapshots);
connectRecordingControls({ record: (what, aspectRatio) => training.record(what, aspectRatio), name: () => training.definition.name }, refused);
void sendLeftRecordings();
act(listExercises());
act(offerUnfinished(() => store.get().stage !== "setup", (sessionId) => act(training.recover(sessionId))));
