/**
 * Replay page: connects playback to the recorded view, the timeline and the live controls.
 * @module
 */

import "./texts.ts";
import "../ui/camera-stage.ts";
import "./ghost-panel.ts";
import "./replay-timeline.ts";
import "../ui/site-header.ts";

import { definition, Problem, stayOnPage } from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { announce, byId, h, icon, onDetail } from "../ui/dom.ts";
import { clock, moment, words } from "../i18n/format.ts";
import { LANGUAGE, t, textOr } from "../i18n/l10n.ts";
import { UrlUpdater, parseLink } from "./deep-link.ts";
import { merged } from "./breaks.ts";
import { replayKeys } from "./keyboard.ts";
import { FilmStatus } from "./film-status.ts";
import { LiveControls } from "./live-controls.ts";
import { commentedIn, cueAt, exerciseAt, loopOf, placeIn } from "./markers.ts";
import { RecordedView } from "./recorded-view.ts";
import { Replay } from "./replay.ts";
import { Sharing } from "./share-links.ts";
import { BreakSkipper } from "./break-skipper.ts";
import { showComments, type Comment } from "../ui/session-comments.ts";
import { isCopied } from "../ui/clipboard.ts";
import { signInPath } from "../api/credentials.ts";
import type { Definition } from "../motion/joint-marks.ts";

/** Number of lost parts listed by time, and the distance in seconds below which parts are merged. */
const MOST_LISTED = 3;
const LOST_APART_S = 0.2;

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];

const link = parseLink(location.search);
const replay = new Replay(link.session ?? "", link.share);
const recorded = new RecordedView(replay);
const live = new LiveControls(replay, showLayers);
const breaks = new BreakSkipper(replay, byId<HTMLButtonElement>("breaks"));
const address = new UrlUpdater(link, () => ({ at: replay.time, repetition: replay.looped?.number ?? null }));

/** Definitions of the exercises, for what is marked on the body. */
const definitions: Map<string | null, Definition> = new Map();

async function loadDefinitions() {
  const exercises = [...new Set(replay.markers.sets.map(({ exercise }) => exercise))];
  await Promise.all(exercises.map(async (exercise) => definitions.set(exercise, await definition(exercise))));
}

/** Show the recording, at the time in the URL. */
function ready() {
  const { recording, markers, sharedUntil } = replay;
  const exercise = recording.exercise && textOr(`exercise-${recording.exercise}`, words(recording.exercise));
  const title = recording.name || exercise || t("replay-title");
  byId("title").replaceChildren(h("bdi", null, title));
  document.title = `${title} · ${t("page-replay")}`;
  byId("subtitle").replaceChildren(
    exercise ? `${exercise} · ` : "", moment(recording.createdAt),
    ` · ${t("count-repetitions", { count: markers.repetitions.length })}`, ...(sharedUntil ? [` · ${t("replay-shared-until")} `, moment(sharedUntil)] : []));
  byId("player").hidden = false;
  byId("layer-film").hidden = !recorded.hasFilm;
  showTimeline();
  live.list();
  goToLink();
  loadDefinitions().catch((error) => {
    if (!(error instanceof Problem)) throw error; // the recording is shown without marks
  });
  if (!link.share) {
    void showComments(byId("comments"), recording.sessionId, goToComment, () => replay.time * 1000);
    if (recording.isOwn) offerSharing();
  }
  recorded.open();
  new FilmStatus(byId<HTMLParagraphElement>("film-status"), { id: recording.id, share: link.share }, filmed).show(recording.filmStatus, recording.filmProblem);
}

/** Show a film that was made while the page was open. */
function filmed(film: {url: string, mediaType: string}) {
  replay.film = film;
  byId("layer-film").hidden = false;
  recorded.open();
  showLayers();
  announce(t("replay-video-ready"));
}

/** Go to the repetition or the moment of a comment. */
function goToComment({ set, repetition, atMs }: Comment) {
  const commented = commentedIn(replay.markers, set, repetition);
  if (commented) replay.setLoop(loopOf(commented));
  else if (atMs !== null) replay.seek(atMs / 1000);
}

function goToLink() {
  const repetition = replay.markers.repetitions.find(({ number }) => number === link.repetition);
  if (repetition) replay.setLoop(loopOf(repetition));
  if (link.at !== null) replay.seek(link.at);
}

/** End of the timeline as shown; it grows while the recording is still running. */
let shownEnd = NaN;

function showTimeline() {
  if (replay.recording === null || replay.end === shownEnd) return;
  shownEnd = replay.end;
  byId("timeline").show(replay.markers, replay.start, replay.end);
  breaks.list();
}

function showPlaying(isPlaying: boolean) {
  const word = isPlaying ? t("pause") : t("play");
  if (byId("play").textContent !== word) byId("play").replaceChildren(icon(isPlaying ? "pause" : "play"), word);
}

function changed() {
  const { isPlaying, loop, looped } = replay;
  showTimeline();
  showPlaying(isPlaying);
  byId("stop-loop").hidden = loop === null;
  byId<HTMLSelectElement>("speed").value = String(replay.rate);
  byId("timeline").loop(loop, looped?.number ?? null);
  live.follow();
  if (isPlaying) address.moves();
  else if (replay.recording !== null) address.moved();
}

function painted() {
  const { time, markers } = replay;
  if (replay.recording === null) return;
  breaks.follow(time);
  recorded.show(time, cueAt(markers, time), definitions.get(exerciseAt(markers, time)) ?? null);
  byId("timeline").moment(time);
  byId("clock").textContent = `${clock(time, 2)} / ${clock(replay.end, 2)}`;
  byId("reading").textContent = replay.isWaiting ? t("replay-waiting") : placeIn(markers, time);
}

function showLayers() {
  byId("layer-film").setAttribute("aria-pressed", String(recorded.showsFilm));
  byId("layer-skeleton").setAttribute("aria-pressed", String(recorded.showsSkeleton));
  recorded.element.hidden = live.isOn && !recorded.showsSkeleton && !(recorded.showsFilm && recorded.hasFilm);
}

/** Report lost parts of the recording, once for all; playback continues. */
function missing() {
  const lost = merged(replay.missing, LOST_APART_S);
  const parts = lost.slice(0, MOST_LISTED).map(({ startS, endS }) => t("replay-range", { from: clock(startS, 1), until: clock(endS, 1) }));
  if (lost.length > MOST_LISTED) parts.push(t("replay-lost-more", { count: lost.length - MOST_LISTED }));
  const detail = parts.length ? t("replay-lost-parts", { parts: new Intl.ListFormat(LANGUAGE).format(parts) }) : t("replay-lost-latest");
  showProblem({ title: t("replay-lost"), detail }, { kept: t("replay-rest-plays") });
}

/** Report that the recording has no frames yet, or never had. */
function nothing({ title }: import("../api/problem.ts").Problem) {
  const runs = ["recording", "paused"].includes(replay.recording?.status) && { action: t("replay-reload"), onAction: () => location.reload() };
  byId("player").hidden = true;
  showProblem({ title }, { kept: runs ? t("replay-still-running") : t("replay-no-frame"), ...runs });
}

/** Advice by status of the problem. */
const ADVICE = new Map([
  [403, t("replay-ask-for-link")],
  [404, t("replay-check-link")],
]);

function failed(problem: import("../api/problem.ts").Problem) {
  if (problem.code === "replay.no_frames") return nothing(problem);
  if (!replay.line.isOver) {
    showProblem(problem, { kept: t("replay-unchanged"), advice: t("replay-seek-or-retry") });
    return;
  }
  byId("subtitle").textContent = t("replay-not-loaded");
  byId("player").hidden = true;
  byId<HTMLAnchorElement>("back").href = "/session_list.html";
  byId("back").textContent = t("replay-back-sessions");
  live.turnOff();
  const signIn = problem.status === 401 && { action: t("nav-sign-in"), onAction: () => location.assign(signInPath()) };
  showProblem(problem, { kept: t("nothing-changed"), advice: ADVICE.get(problem.status), ...signIn });
}

/** Update the URL and copy it to the clipboard. */
async function copyLink() {
  address.write();
  byId("copied").textContent = await isCopied(location.href) ? t("copied") : t("copy-from-bar");
}

function goFull() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void byId("stage").requestFullscreen();
}

function wire() {
  const click = (id: string, act: () => void) => byId(id).addEventListener("click", act);
  click("play", () => replay.toggle());
  click("step-back", () => replay.stepFrame(-1));
  click("step-on", () => replay.stepFrame(1));
  click("stop-loop", () => { replay.setLoop(null); byId("play").focus(); });
  click("full", goFull);
  click("layer-film", () => { recorded.showsFilm = !recorded.showsFilm; showLayers(); });
  click("layer-skeleton", () => { recorded.showsSkeleton = !recorded.showsSkeleton; showLayers(); });
  click("copy", () => void copyLink());
  byId("speed").addEventListener("change", () => replay.setRate(Number(byId<HTMLSelectElement>("speed").value)));
  onDetail(byId("timeline"), "seek", (detail: any) => replay.seek(detail));
  onDetail(byId("timeline"), "loop", (detail: any) => { replay.setLoop(detail); if (detail && !live.isOn) replay.play(); });
}

function furnish() {
  byId("stage").append(recorded.element);
  byId("step-back").append(icon("back"));
  byId("step-on").append(icon("forward"));
  byId("full").append(icon("full"));
  byId("stop-loop").prepend(icon("loop"));
  byId("speed").append(...SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)));
  byId("timeline-cues").append(byId("timeline").cueList);
  byId("keys").append(replayKeys(replay, { mirror: () => live.toggleMirror(), ghost: () => live.toggleGhost(), breaks: () => breaks.toggle() }, new AbortController().signal));
  if (link.share) return;
  byId("back").hidden = false;
  byId<HTMLAnchorElement>("back").href = `/#session=${encodeURIComponent(link.session ?? "")}`;
  byId("back").textContent = t("replay-back-session");
}

function offerSharing() {
  const sharing = new Sharing(link.session ?? "");
  byId("share").addEventListener("click", () => sharing.open());
  byId("share").hidden = false;
  if (location.hash === "#share") byId("share").click();
}

function listen() {
  replay.addEventListener("ready", ready);
  replay.addEventListener("change", () => { if (replay.line.isOpen) byId("link").textContent = ""; changed(); });
  replay.addEventListener("moment", painted);
  replay.addEventListener("end", (event) => announce((event as CustomEvent).detail.final ? t("replay-end") : t("replay-all-so-far")));
  replay.addEventListener("lost", () => { byId("link").textContent = t("replay-connection-lost"); });
  replay.addEventListener("missing", missing);
  replay.addEventListener("problem", (event) => failed((event as CustomEvent).detail));
  addEventListener("pagehide", () => { live.turnOff(); replay.close(); recorded.close(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // restored from the back/forward cache, after everything was stopped: start anew
}

stayOnPage(); // the share dialog reports a missing sign-in itself
furnish();
wire();
listen();
showLayers();
showPlaying(false);
