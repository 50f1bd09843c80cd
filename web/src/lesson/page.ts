/**
 * Page on which an athlete trains along with a trainer's video: the video beside the camera, in which a ghost does what the
 * trainer does; repetitions are counted, and compared with the trainer's own range and tempo.
 * @module
 */

import "./texts.ts";
import "../ui/camera-stage.ts";
import "../ui/pre-flight.ts";
import "../ui/rep-counter.ts";
import "../ui/site-header.ts";
import "./lesson-timeline.ts";

import { exercises, Problem, request, type Exercise } from "../api/client.ts";
import { CONSENT_MISSING, cameraConsent } from "../coach/camera-consent.ts";
import { showCameraLoss, showTrainingError } from "../coach/error-banner.ts";
import { wakeSounds } from "../coach/sounds.ts";
import { Speaker } from "../coach/speech.ts";
import { Training } from "../coach/training.ts";
import { showLinkStatus } from "../coach/view.ts";
import { Watcher } from "../coach/watcher.ts";
import { t } from "../i18n/l10n.ts";
import { drawGhost } from "../replay/ghost-view.ts";
import { useSessionStore } from "../stores/session.ts";
import { useWorkoutStore, type Workout } from "../stores/workout.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, h, onDetail } from "../ui/dom.ts";
import { offerReload } from "../ui/forms.ts";
import { advice, compared } from "./comparison.ts";
import { showAdvice, showComparison } from "./comparison-table.ts";
import { LessonGhost } from "./lesson-ghost.ts";
import { LessonVideo } from "./lesson-video.ts";
import { PoseTrack } from "./pose-track.ts";
import { amountOf, type Segment } from "./segment-words.ts";
import { setRow } from "./set-row.ts";
import type { Loss } from "../coach/camera.ts";
import type { Repeated } from "../motion/repetition-counter.ts";

const contentId = new URLSearchParams(location.search).get("content") ?? "";
const path = `/v1/content/${encodeURIComponent(contentId)}` as const;

const store = useWorkoutStore;
const speaker = new Speaker();
speaker.onSilent = announce;
const video = byId<"video">("video");
const playVideo = (plays: boolean) => { if (plays) void video.play().catch(() => {}); else video.pause(); }; // a browser may refuse sound
let segments: Segment[] = [];
let durationMs = 1;
let names: Map<string, Exercise> = new Map();
/** The set that is trained, or next. */
let chosen: Segment | null = null;
/** Repetitions or seconds done, by the number of the segment. */
const done: Map<number, number> = new Map();
const ghost = new LessonGhost();

const watcher = new Watcher(byId<"camera-stage">("stage"), {
  onFrame: (frame, counted) => {
    training.frame(frame, counted);
    drawGhost(byId<"canvas">("ghost"), ghost.see(frame, video.currentTime), frame.aspectRatio, true);
    if (counted.event && store.get().stage === "counting") judge(counted.event);
  },
  onLights: (lights) => {
    byId<"pre-flight">("lights").show(lights, store.get().stage === "preflight");
    act(training.lit());
  },
  onLost: lost,
  onError: ({ title, message }) => lost({ title, detail: message, advice: t("camera-on-again") }),
});

const training = new Training(watcher, {
  onCue: (cue) => { speaker.say(cue.say, cue); showAdvice(cue.cue); },
  onCountdown: (left) => {
    byId("countdown").textContent = left > 0 ? String(left) : "";
    if (left > 0) announce(t("starts-in", { left }));
  },
  onProblem: refused,
});

function lost(why: Loss) {
  const { stage, paused } = store.get();
  if (stage === "counting" && !paused) training.pause();
  if (stage === "countdown") act(training.stop());
  showCameraLoss(why, () => act(watcher.open().then(() => {})));
}

function refused(error: unknown) {
  const { stage, paused } = store.get();
  if (error instanceof Problem && error.code === CONSENT_MISSING && stage === "counting" && !paused) training.pause();
  showTrainingError(error, { byHand: () => { clearProblem(); training.byHand(); }, retry: () => training.retry(), agree: () => act(turnOn()) });
}

const act = (acted: Promise<unknown>) => void acted.catch(refused);

/** Compare a repetition with the trainer's. */
function judge(repeated: Repeated) {
  if (!chosen) return;
  const rows = compared(repeated, chosen);
  showComparison(rows);
  const differs = advice(rows);
  const words = differs ? t(`lesson-advice-${differs}`) : "";
  if (words && byId("advice").textContent !== words) speaker.say(words, { passing: true });
  showAdvice(words);
}

const nameOf = ({ exerciseId }: Segment) => names.get(exerciseId)?.name ?? exerciseId;

/** Train this set next. */
async function choose(segment: Segment) {
  if (["counting", "countdown"].includes(store.get().stage)) await training.stop();
  chosen = segment;
  await training.choose(segment.exerciseId);
  if (chosen !== segment) return; // another one was chosen meanwhile
  store.set({ target: segment.repetitions ?? Math.round(segment.heldS ?? 0) });
  byId<"rep-counter">("counter").show(0, store.get().target);
  video.currentTime = segment.startMs / 1000;
  showComparison(compared(null, segment));
  showAdvice("");
  renderSets();
  if (training.definition) await ghost.teach(segment, training.definition);
}

function renderSets() {
  byId<"lesson-timeline">("timeline").show(segments.map((each) => ({ ...each, name: nameOf(each) })), durationMs, chosen?.number ?? null);
  byId("now-title").textContent = chosen ? `${nameOf(chosen)} · ${amountOf(chosen)}` : "";
  const onChoose = (each: Segment) => { act(choose(each)); byId("now-title").focus(); };
  byId("sets").replaceChildren(...segments.map((each) => setRow(each, { name: nameOf(each), done: done.get(each.number), isChosen: each === chosen, onChoose: () => onChoose(each) })));
}

async function turnOn() {
  clearProblem();
  wakeSounds();
  speaker.wanted = byId<"input">("voice").checked;
  speaker.wake();
  const consent = await cameraConsent();
  if (consent === "manual") training.byHand();
  if (consent === "agreed") await (store.get().stage === "setup" ? training.look() : watcher.open());
}

function mainAction() {
  const { stage, armed } = store.get();
  if (stage === "setup") act(turnOn());
  else act(stage === "counting" || stage === "countdown" || armed ? training.stop() : training.start());
}

/** Note what was done of the set, and go to the next one. */
async function setOver() {
  const { repetitions, heldMs } = store.get();
  video.pause();
  if (!chosen) return;
  done.set(chosen.number, chosen.repetitions === null ? Math.floor(heldMs / 1000) : repetitions);
  const next = segments[segments.indexOf(chosen) + 1];
  if (next) await choose(next);
  else renderSets();
}

/** Play the video of the set in a loop, with the athlete. */
function follow() {
  byId<"lesson-timeline">("timeline").moment(video.currentTime);
  const isTraining = ["countdown", "counting"].includes(store.get().stage);
  if (chosen && isTraining && video.currentTime >= chosen.endMs / 1000) video.currentTime = chosen.startMs / 1000;
}

function render(state: Workout) {
  const { stage, mode, paused, armed, repetitions, heldMs, target } = state;
  const isCounting = stage === "counting";
  const isHold = chosen?.repetitions === null;
  showLinkStatus(state);
  byId("main-action").textContent = stage === "setup" ? t("turn-on-camera") : isCounting ? t("stop-set") : stage === "countdown" || armed ? t("cancel") : t("start-set");
  byId("anyway").hidden = !armed || mode === "manual";
  byId("pause").hidden = !isCounting;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("count").hidden = !(isCounting && mode === "manual" && !isHold);
  byId("finish").hidden = stage === "setup" || done.size === 0 || isCounting || stage === "countdown";
  byId("lights").hidden = mode === "manual" || !["preflight", "rest"].includes(stage);
  byId("private").hidden = stage !== "setup";
  byId("play").hidden = isCounting || stage === "countdown";
  byId("play").textContent = t(video.paused ? "lesson-play" : "lesson-pause");
  if (isCounting && isHold) byId<"rep-counter">("counter").hold(heldMs, target);
  else if (isCounting) byId<"rep-counter">("counter").show(repetitions, target);
}

/** Start and stop the video with the set, and end a set that is done. */
function changed(state: Workout, before: Workout) {
  render(state);
  const { stage, paused, target, repetitions, heldMs } = state;
  if (stage === "countdown" && before.stage !== "countdown" && chosen) video.currentTime = chosen.startMs / 1000;
  if (stage === "counting" && (before.stage !== "counting" || paused !== before.paused)) playVideo(!paused);
  if (stage === "rest" && before.stage === "counting") act(setOver());
  const reached = chosen?.repetitions === null ? heldMs / 1000 : repetitions;
  if (stage === "counting" && !paused && target && reached >= target) act(training.stop());
  if (stage === "summary" && before.stage !== "summary") sumUp();
}

function sumUp() {
  drawGhost(byId<"canvas">("ghost"), null, 1, false);
  byId("lesson").hidden = true;
  byId("summary").hidden = false;
  byId("summary-words").textContent = t("lesson-summary", { sets: done.size, all: segments.length });
  byId<"a">("open").href = `/#session=${encodeURIComponent(useSessionStore.get().id ?? "")}`;
  byId<"a">("again").href = location.href;
  byId("summary-title").focus();
}

function listen() {
  byId("main-action").addEventListener("click", mainAction);
  byId("anyway").addEventListener("click", () => act(training.start({ anyway: true })));
  byId("pause").addEventListener("click", () => training.pause());
  byId("count").addEventListener("click", () => training.tap());
  byId("finish").addEventListener("click", () => act(training.finish()));
  byId("play").addEventListener("click", () => playVideo(video.paused));
  video.addEventListener("click", () => playVideo(video.paused));
  byId("own-tempo").addEventListener("change", () => { ghost.keepsTempo = byId<"input">("own-tempo").checked; });
  byId("voice").addEventListener("change", () => { speaker.wanted = byId<"input">("voice").checked; });
  onDetail(byId("timeline"), "seek", (detail: number) => { video.currentTime = detail; });
  onDetail(byId("timeline"), "choose", (detail: number) => { const found = segments.find(({ number }) => number === detail); if (found) act(choose(found)); });
  for (const each of ["timeupdate", "seeked"]) video.addEventListener(each, follow);
  for (const each of ["play", "pause"]) video.addEventListener(each, () => render(store.get()));
  addEventListener("pagehide", () => training.leave());
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // restored after the camera was stopped: start anew
}

async function open() {
  if (!contentId) throw new Problem({ title: t("lesson-gone"), status: 404 });
  const [playback, lesson, all] = await Promise.all([request(`${path}/playback`), request(`${path}/lesson`), exercises()]);
  ({ segments } = lesson);
  ({ durationMs } = playback);
  names = all;
  byId("title").replaceChildren(h("bdi", null, playback.title));
  document.title = `${playback.title} · Kinelog`;
  byId<"a">("back").href = `/watch.html?${new URLSearchParams({ content: contentId })}`;
  if (segments.length === 0) throw new Problem({ title: t("lesson-no-sets") });
  video.setAttribute("aria-label", playback.title);
  if (playback.posterUrl) video.poster = playback.posterUrl;
  ghost.track = new PoseTrack(lesson.poseUrls, lesson.pieceS);
  await new LessonVideo(video, path).open(playback.hlsUrl);
  listen();
  byId("lesson").hidden = false;
  await choose(segments[0]);
  store.subscribe(changed);
  render(store.get());
}

open().catch(offerReload);
