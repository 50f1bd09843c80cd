/**
 * Coach page: connects the training to camera, voice, keyboard and buttons.
 * @module
 */

import "../ui/camera-choice.ts";
import "../ui/camera-placement.ts";
import "../ui/camera-stage.ts";
import "../ui/cue-dock.ts";
import "../ui/cue-toast.ts";
import "../ui/form-meter.ts";
import "../ui/phase-bar.ts";
import "../ui/pre-flight.ts";
import "../exercises/exercise-tiles.ts";
import "./recording-controls.ts";
import "../ui/rep-counter.ts";
import "./rep-review.ts";
import "../ui/rest-timer.ts";
import "./saved-workout.ts";
import "./session-summary.ts";
import "../effort/set-rating.ts";
import "../ui/site-header.ts";

import * as api from "../api/client.ts";
import { clearProblem } from "../ui/banner.ts";
import { chooseCamera, showChosen } from "./camera-picker.ts";
import { cameraConsent, CONSENT_MISSING, hasStoppedRecording } from "./camera-consent.ts";
import { showDebug } from "./debug-panel.ts";
import { connectGoals, goalIn, isGoalPossible, showGoal } from "./goals.ts";
import { coachKeys } from "./keyboard.ts";
import { canListen, Listener } from "./voice-commands.ts";
import { connectRecordingControls, sendLeftRecordings } from "./recording-panel.ts";
import { RepetitionReview } from "./repetition-review.ts";
import { applySettings, lastExercise, recall, recallTarget, remember, selectedMode, showKept, targetOf } from "./settings.ts";
import { buzz } from "./sounds.ts";
import { Speaker } from "./speech.ts";
import { showCameraLoss, showTrainingError } from "./error-banner.ts";
import { Training } from "./training.ts";
import { offerUnfinished } from "./unfinished-notice.ts";
import { render } from "./view.ts";
import { Watcher } from "./watcher.ts";
import { announce, byId, fieldOf, h, onDetail } from "../ui/dom.ts";
import { loadOrOffer } from "../ui/forms.ts";
import { connectFullScreen } from "../ui/full-screen.ts";
import { Snapshots } from "../live/snapshots.ts";
import { useSessionStore } from "../stores/session.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { t } from "../i18n/l10n.ts";
import type { Loss } from "./camera.ts";
import type { Intent } from "./intents.ts";

const store = useWorkoutStore;
const speaker = new Speaker();
speaker.onSilent = announce;
const snapshots = new Snapshots();

const watcher = new Watcher(byId<"camera-stage">("stage"), {
  fault: () => byId<"cue-toast">("toast").fault,
  onFrame: (frame, counted) => training.frame(frame, counted),
  onLook: (video, timeMs) => training.picture(video, timeMs, snapshots),
  onLights: (lights) => {
    const { stage } = store.get();
    if (stage === "preflight" || stage === "rest") byId<"pre-flight">("lights").show(lights, stage === "preflight");
    act(training.lit());
  },
  onLost: lost,
  onError: ({ title, message }) => lost({ title, detail: message, advice: t("camera-on-again") }),
});

const training = new Training(watcher, {
  onCue: (cue) => {
    byId<"cue-dock">("cues").add(cue, speaker.say(cue.say, cue));
    byId<"cue-toast">("toast").show(cue);
    buzz(cue);
  },
  onCountdown: (left) => {
    byId("countdown").textContent = left > 0 ? String(left) : "";
    if (left > 0) announce(t("starts-in", { left }));
  },
  onProblem: refused,
});

const reviewing = new RepetitionReview(byId<"rep-review">("review"), { onCount: (repetitions) => store.set({ repetitions }), onProblem: refused });

const listener = new Listener({
  exercise: () => store.get().exercise,
  isSpeaking: () => speaker.isSpeaking,
  onIntent: (intent, exercise) => INTENT_ACTIONS[intent](exercise),
});

function lost(why: Loss) {
  const { stage, paused } = store.get();
  if (stage === "counting" && !paused) training.pause();
  if (stage === "countdown") act(training.stop());
  showCameraLoss(why, () => act(turnOn()));
}

/** Show an error in a banner, with what to do. */
function refused(error: unknown) {
  if (error instanceof api.Problem && error.code === CONSENT_MISSING && store.get().stage === "counting" && !store.get().paused) training.pause();
  showTrainingError(error, { byHand: () => act(startTraining("manual")), retry: () => training.retry(), agree: () => act(agreeAndGoOn()) });
}

const act = (done: Promise<unknown>) => void done.catch(refused);

async function agreeAndGoOn() {
  if ((await cameraConsent({ images: store.get().images || store.get().keepsVideo, keeps: store.get().keeps })) !== "agreed") return;
  clearProblem();
  if (store.get().stage === "counting" && store.get().paused) training.pause();
}

let startAttempts = 0;
/** Start training. If called twice, the last call wins. */
async function startTraining(mode: "landmarks" | "images" | "manual") {
  const mine = ++startAttempts, images = mode === "images", isFirst = store.get().stage === "setup";
  clearProblem();
  if (isFirst && !byId<"exercise-tiles">("exercise").value) await listExercises();
  if (isFirst && !isGoalPossible("target")) return;
  remember();
  if (isFirst) store.set({ target: goalIn("target") });
  applySettings();
  speaker.wanted = byId<"input">("voice").checked;
  speaker.wake();
  await training.choose(isFirst ? byId<"exercise-tiles">("exercise").value : store.get().exercise);
  if (mine !== startAttempts) return;
  const keeps = byId<"input">("keep").checked;
  const keepsVideo = keeps && byId<"input">("keep-video").checked;
  const consent = mode === "manual" ? mode : await cameraConsent({ images: images || keepsVideo, keeps });
  if (mine !== startAttempts || !consent) return;
  store.set({ images: images && consent !== "manual", keeps, keepsVideo });
  act(listen()); // the camera is requested even while the microphone prompt is open
  if (consent === "manual") training.byHand();
  else await turnOn();
  byId<"select">("swap").value = store.get().exercise;
  byId("start").focus();
}

/** Turn on the camera; now the browser names the devices. */
async function turnOn() {
  await (store.get().stage === "setup" ? training.look() : watcher.open());
  camera.refresh();
}

/** Start a set, unless its goal is impossible, which is shown. */
const startSet = async (how = {}) => { if (store.get().stage !== "rest" || isGoalPossible("next-target")) await training.start(how); };

/** Start or stop the set. */
function startOrStop() {
  const { stage, armed } = store.get();
  act(stage === "counting" || stage === "countdown" || armed ? training.stop() : startSet());
}

/** Actions by voice intent; an action that does not apply at the moment does nothing. */
const INTENT_ACTIONS: Record<Intent, (exercise: string | null) => void> = {
  start: () => (store.get().paused ? training.pause() : act(startSet())),
  stop: () => act(training.stop()),
  pause: () => { if (!store.get().paused) training.pause(); },
  next: startOrStop,
  undo: () => training.undo(),
  swap: (exercise) => act(swap(exercise)),
};

/** End the set and continue with another exercise: the requested one, or the next in the list. */
async function swap(requested: string | null) {
  await training.stop();
  const list = byId<"select">("swap");
  const next = list.options[(list.selectedIndex + 1) % list.options.length].value;
  list.value = [...list.options].find((each) => each.value === requested)?.value ?? next;
  await goOnWith(list.value);
  announce(t("is-next", { exercise: training.definition?.name ?? "" }));
}

/** Switch to another exercise, with its last goal. */
async function goOnWith(exercise: string) {
  await training.choose(exercise).finally(() => { byId<"select">("swap").value = store.get().exercise; });
  store.set({ target: targetOf(exercise) });
  showGoal("next-target", store.get().target);
}

/** Start voice control if it is enabled. */
const listen = async () => { if (byId<"input">("listen").checked && canListen) await listener.startIfAllowed(); };

const KEYS = { s: startOrStop, n: startOrStop, p: () => training.pause(), u: () => training.undo() };

async function listExercises() {
  const wanted = [new URLSearchParams(location.search).get("exercise"), lastExercise()], options = [...(await api.exercisesFor(wanted)).values()];
  byId<"exercise-tiles">("exercise").offer(options, wanted.find((each) => options.some(({ id }) => id === each)) ?? store.get().exercise);
  byId("swap").replaceChildren(...options.map((each) => h("option", { value: each.id, selected: each.id === store.get().exercise }, each.name)));
  if (!byId<"input">("target").value) recallTarget();
  await showChosen();
  if (await hasStoppedRecording()) byId<"input">("keep").checked = false;
  showKept();
}

async function sumUp() {
  const { id, summary } = useSessionStore.get();
  if (!summary) return;
  byId<"session-summary">("summary").show(summary, await api.exercisesFor(summary.sets.map(({ exerciseId }) => exerciseId)));
  await byId<"saved-workout">("saved").show(summary);
  byId<"a">("open").href = `/#session=${encodeURIComponent(id ?? "")}`;
  byId<"dialog">("completed-dialog").showModal();
}

store.subscribe((state, before) => {
  render(state, training.definition);
  if (state.stage !== "setup" && (before.stage === "setup" || state.exercise !== before.exercise)) act(speaker.prepare(state.exercise));
  if (state.stage === before.stage) return;
  byId<"cue-toast">("toast").clear();
  if (state.stage === "counting") byId<"cue-dock">("cues").clear();
  if (state.stage === "countdown" || state.stage === "counting") byId("stage").scrollIntoView({ block: "start" });
  if (state.stage === "rest") {
    showGoal("next-target", state.target);
    byId<"rest-timer">("timer").start(Number(byId<"select">("rest").value));
    byId<"set-rating">("rating").show({ of: state.set, unit: training.definition?.kind === "hold" ? "hold" : "repetitions", rating: null });
  }
  if (before.stage === "rest") byId<"rest-timer">("timer").stop();
  if (before.stage === "counting" && state.stage === "rest") act(reviewing.show(useSessionStore.get().id ?? "", state.set));
  else reviewing.clear();
  if (state.stage === "summary" || state.stage === "setup") listener.stop();
  if (state.stage === "setup") byId("setup-title").focus();
  if (state.stage === "summary") act(sumUp());
});
byId("setup-form").addEventListener("submit", (event: Event) => { event.preventDefault(); act(startTraining(selectedMode())); });
byId("exercise").addEventListener("change", () => { recallTarget(); act(showChosen()); });
for (const id of ["keep", "keep-video", "leaves"]) byId(id).addEventListener("change", showKept);
byId("change-kept").addEventListener("click", () => { byId<"details">("settings").open = true; byId("keep").focus(); });
for (const id of ["by-hand", "by-hand-now"]) byId(id).addEventListener("click", () => act(startTraining("manual")));
byId("start").addEventListener("click", startOrStop);
byId("start-anyway").addEventListener("click", () => act(startSet({ anyway: true })));
byId("pause").addEventListener("click", () => training.pause());
byId("undo").addEventListener("click", () => training.undo());
onDetail(byId("rating"), "rated", (rpe: number | null) => training.rate(rpe));
byId("count").addEventListener("click", () => training.tap());
byId("finish").addEventListener("click", () => act(training.finish()));
byId("swap").addEventListener("change", () => act(goOnWith(byId<"select">("swap").value)));
connectGoals((target) => store.set({ target }));
byId("completed-dialog").addEventListener("cancel", (event: Event) => event.preventDefault()); // the dialog closes by one of its links
addEventListener("pagehide", () => { training.leave(); listener.stop(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // restored from the back/forward cache, after the camera was stopped: start anew
byId("keys").append(coachKeys((key) => { if (store.get().stage !== "setup") KEYS[key](); }));
connectFullScreen(byId<"button">("full-screen"));
const camera = chooseCamera(watcher, () => act(turnOn()));
fieldOf("listen").hidden = !canListen;
render(store.get(), null);
showDebug(watcher, snapshots);
connectRecordingControls({ record: (what, aspectRatio) => training.record(what, aspectRatio), name: () => training.definition?.name ?? "" }, refused);
void sendLeftRecordings();
recall(); // before the user changes something
loadOrOffer(listExercises);
act(offerUnfinished(() => store.get().stage !== "setup", (sessionId) => act(training.recover(sessionId))));
