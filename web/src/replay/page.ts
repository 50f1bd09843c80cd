/**
 * Replay page: the player of a recording at full size, with the live camera, comments and share links.
 * @module
 */

import "./texts.ts";
import "../ui/camera-stage.ts";
import "./ghost-panel.ts";
import "../ui/site-header.ts";

import { definition, Problem, stayOnPage } from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { byId, h } from "../ui/dom.ts";
import { moment, words } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { formatLink, parseLink } from "./deep-link.ts";
import { LiveControls } from "./live-controls.ts";
import { lostParts } from "./lost-parts.ts";
import { commentedIn, loopOf } from "./markers.ts";
import { ReplayPlayer } from "./replay-player.ts";
import { NOT_KEPT } from "./replay-socket.ts";
import { Sharing } from "./share-links.ts";
import { showComments, type Comment } from "../ui/session-comments.ts";
import { signInPath } from "../api/credentials.ts";
import type { Definition } from "../motion/joint-marks.ts";

/** Definitions of the exercises, for what is marked on the body. */
const definitions: Map<string | null, Definition> = new Map();

const link = parseLink(location.search);
const player: ReplayPlayer = new ReplayPlayer({
  session: link.session ?? "",
  share: link.share,
  address: ({ time, looped }) => location.pathname + formatLink({ ...link, at: time, repetition: looped?.number ?? null }),
  definitionOf: (exercise) => definitions.get(exercise) ?? null,
  keys: [
    { key: "m", act: () => live.toggleMirror(), help: ["M", t("replay-key-mirror")] },
    { key: "g", act: () => live.toggleGhost(), help: ["G", t("replay-key-ghost")] },
  ],
});
const { replay } = player;
const live: LiveControls = new LiveControls(player, () => player.showLayers());

async function loadDefinitions() {
  const exercises = [...new Set(replay.markers.sets.map(({ exercise }) => exercise))];
  await Promise.all(exercises.map(async (exercise) => definitions.set(exercise, await definition(exercise))));
}

/** Show the recording, at the time in the URL. */
function ready() {
  const { recording, markers, sharedUntil } = replay;
  if (!recording) return;
  const exercise = recording.exercise && textOr(`exercise-${recording.exercise}`, words(recording.exercise));
  const title = recording.name || exercise || t("replay-title");
  byId("title").replaceChildren(h("bdi", null, title));
  document.title = `${title} · ${t("page-replay")}`;
  byId("subtitle").replaceChildren(
    exercise ? `${exercise} · ` : "", moment(recording.createdAt),
    ` · ${t("count-repetitions", { count: markers.repetitions.length })}`, ...(sharedUntil ? [` · ${t("replay-shared-until")} `, moment(sharedUntil)] : []));
  byId("player").hidden = false;
  live.list();
  goToLink();
  loadDefinitions().catch((error) => {
    if (!(error instanceof Problem)) throw error; // the recording is shown without marks
  });
  if (link.share) return;
  void showComments(byId("comments"), recording.sessionId, goToComment, {
    label: t("comments-new"), fields: [], place: () => ({ atMs: Math.max(0, Math.round(replay.time * 1000)) }),
  });
  if (recording.isOwn) offerSharing();
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

/** Report that the recording has no frames yet, or never had. */
function nothing({ title }: Problem) {
  const runs = ["recording", "paused"].includes(replay.recording?.status ?? "") && { action: t("replay-reload"), onAction: () => location.reload() };
  byId("player").hidden = true;
  showProblem({ title }, { kept: runs ? t("replay-still-running") : t("replay-no-frame"), ...runs });
}

/** Report that the recording was deleted; the page of its session still has the counts. */
function notKept(problem: Problem) {
  byId("player").hidden = true;
  byId("subtitle").textContent = "";
  live.turnOff();
  showProblem(problem);
}

/** Advice by status of the problem. */
const ADVICE = new Map([
  [403, t("replay-ask-for-link")],
  [404, t("replay-check-link")],
]);

function failed(problem: Problem) {
  if (problem.code === "replay.no_frames") return nothing(problem);
  if (problem.code === NOT_KEPT) return notKept(problem);
  if (!replay.line.isOver) {
    showProblem(problem, { kept: t("replay-unchanged"), advice: t("replay-seek-or-retry") });
    return;
  }
  byId("subtitle").textContent = t("replay-not-loaded");
  byId("player").hidden = true;
  byId<"a">("back").href = "/session_list.html";
  byId("back").textContent = t("replay-back-sessions");
  live.turnOff();
  const signIn = problem.status === 401 && { action: t("nav-sign-in"), onAction: () => location.assign(signInPath()) };
  showProblem(problem, { kept: t("nothing-changed"), advice: ADVICE.get(problem.status), ...signIn });
}

/** Add what only this page has to the parts of the player. */
function furnish() {
  player.stage.classList.add("replay-stage");
  player.stage.prepend(byId("live"));
  player.layers.append(byId("layer-live"), byId("layer-ghost"), byId("mirror"));
  player.choices.append(byId("share"));
  byId("status").after(player.link);
  byId("replay-main").append(player.element);
  if (link.share) return;
  byId("back").hidden = false;
  byId<"a">("back").href = `/#session=${encodeURIComponent(link.session ?? "")}`;
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
  replay.addEventListener("change", () => live.follow());
  replay.addEventListener("missing", () => showProblem({ title: t("replay-lost"), detail: lostParts(replay) }, { kept: t("replay-rest-plays") }));
  replay.addEventListener("problem", (event) => failed((event as CustomEvent).detail));
  addEventListener("pagehide", () => { live.turnOff(); player.close(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // restored from the back/forward cache, after everything was stopped: start anew
}

stayOnPage(); // the share dialog reports a missing sign-in itself
furnish();
listen();
