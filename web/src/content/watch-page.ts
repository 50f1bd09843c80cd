/**
 * Page that plays a trainer's video: quality, speed, captions, previews, resuming, picture in picture and keys.
 * @module
 */

import "../ui/site-header.ts";
import { answer, exercises, Problem, received, request, type Schemas } from "../api/client.ts";
import { clock } from "../i18n/format.ts";
import { addTextsOf, t } from "../i18n/l10n.ts";
import { languageName } from "../plans/keys.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, fieldOf, h } from "../ui/dom.ts";
import { offerReload } from "../ui/forms.ts";
import { listenToKeys } from "../ui/player-keys.ts";
import { Chapters } from "./chapters.ts";
import { brokenVideo, openVideo, type VideoSource } from "./video-source.ts";
import { keepPosition, lastPosition, reportPositions } from "./last-position.ts";
import { showTile, tilesOf, type Tile } from "./storyboard.ts";

await addTextsOf("content");

type Playback = Schemas["ContentPlayback"];

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const SKIP_S = 10;
const KEEP_EVERY_S = 5;

/** A link that was just made and is refused again would be requested without end. */
const RENEW_AFTER_MS = 60_000;

const contentId = new URLSearchParams(location.search).get("content") ?? "";

const video = byId<"video">("video");
const chapters = new Chapters(byId("chapters"));
let source: VideoSource | null = null;
let tiles: Tile[] = [];
/** Length that is shown until the browser has read it from the video. */
let expectedS = 0;
let openedAt = 0;
let keptAt = 0;

function playback(): Promise<Playback> {
  if (!contentId) throw new Problem({ title: t("watch-gone"), status: 404 });
  return request(`/v1/content/${encodeURIComponent(contentId)}/playback`);
}

function lengthS() {
  return video.duration || expectedS;
}

function seek(atS: number) {
  video.currentTime = Math.max(0, Math.min(atS, lengthS()));
}

function toggle() {
  if (video.paused) video.play().catch(() => showState()); // the browser may ask for a click first
  else video.pause();
}

function showState() {
  byId("play").textContent = video.paused ? t("watch-play") : t("watch-pause");
  byId("mute").setAttribute("aria-pressed", String(video.muted));
}

function showTime() {
  if (!source) return; // a link is being renewed, and the element is at 0
  const words = t("watch-time", { at: clock(video.currentTime), length: clock(lengthS()) });
  byId("time").textContent = words;
  byId<"input">("seek").max = String(lengthS());
  byId<"input">("seek").value = String(video.currentTime);
  byId("seek").setAttribute("aria-valuetext", words);
  chapters.mark(video.currentTime);
  if (Math.abs(video.currentTime - keptAt) < KEEP_EVERY_S) return;
  keptAt = video.currentTime;
  keepPosition(contentId, keptAt);
}

/** @param height of what plays */
function showQuality(height: number) {
  const [automatic] = byId<"select">("quality").options;
  if (automatic) automatic.textContent = height ? t("watch-automatic-now", { height }) : t("watch-automatic");
}

async function play(opened: Playback, at: number) {
  const chosen = Number(byId<"select">("quality").value || -1);
  openedAt = Date.now();
  source = await openVideo(video, opened.hlsUrl, { at, onQuality: showQuality, onRefused: renew, onError: offerAgain });
  byId("quality").replaceChildren(new Option(t("watch-automatic"), "-1"), ...source.qualities.map(({ height, level }) => new Option(t("watch-lines", { height }), String(level))));
  fieldOf("quality").hidden = source.qualities.length === 0;
  if (source.qualities.some(({ level }) => level === chosen)) {
    byId<"select">("quality").value = String(chosen);
    source.choose(chosen);
  }
  showCaptions(opened);
}

/** Offer to load the page again, which goes on where the video stopped. */
function offerAgain(problem: Problem) {
  offerReload(problem, { advice: undefined });
}

/** Request a new link and go on; once, because a refusal of that one is final. */
function renew() {
  if (!source || Date.now() - openedAt < RENEW_AFTER_MS) {
    video.pause();
    playback().then(() => offerAgain(brokenVideo()), offerAgain);
    return;
  }
  const at = video.currentTime;
  keepPosition(contentId, at);
  const isPlaying = !video.paused;
  source.close();
  source = null;
  playback().then((opened) => play(opened, at)).then(() => { if (isPlaying) toggle(); }).catch(offerAgain);
}

function showCaptions({ captions }: Playback) {
  const chosen = byId<"select">("captions").value;
  for (const old of video.querySelectorAll("track")) old.remove();
  video.append(...captions.map(({ language, url }) => h("track", { kind: "captions", srclang: language, label: languageName(language), src: url })));
  byId("captions").replaceChildren(new Option(t("watch-captions-off"), ""), ...captions.map(({ language }) => new Option(languageName(language), language)));
  byId<"select">("captions").value = captions.some(({ language }) => language === chosen) ? chosen : "";
  byId("captions-field").hidden = captions.length === 0;
  chooseCaptions();
}

function chooseCaptions() {
  for (const track of video.textTracks) track.mode = track.language === byId<"select">("captions").value ? "showing" : "disabled";
}

async function loadTiles({ storyboardUrl }: Playback) {
  if (!storyboardUrl) return;
  const response = await answer(storyboardUrl, undefined, fetch.bind(window));
  tiles = tilesOf(await received(response.text()), storyboardUrl);
}

function previewSeeking() {
  const preview = byId("preview");
  byId("seek").addEventListener("pointermove", ({ offsetX, currentTarget }: PointerEvent) => {
    const width = (currentTarget as HTMLElement).clientWidth;
    const share = Math.max(0, Math.min(1, offsetX / width));
    showTile(preview, tiles, share * lengthS());
    const half = preview.offsetWidth / 2;
    preview.style.left = `${Math.max(half, Math.min(share * width, width - half))}px`;
  });
  for (const end of ["pointerleave", "pointercancel"]) byId("seek").addEventListener(end, () => { preview.hidden = true; });
}

function listen() {
  byId("play").addEventListener("click", toggle);
  video.addEventListener("click", toggle);
  byId("mute").addEventListener("click", () => { video.muted = !video.muted; });
  byId("seek").addEventListener("input", () => seek(Number(byId<"input">("seek").value)));
  byId("quality").addEventListener("change", () => source?.choose(Number(byId<"select">("quality").value)));
  byId("speed").replaceChildren(...SPEEDS.map((each) => new Option(t("watch-times", { speed: each }), String(each), each === 1, each === 1)));
  byId("speed").addEventListener("change", () => { video.defaultPlaybackRate = video.playbackRate = Number(byId<"select">("speed").value); }); // the default is that of a new source, too
  byId("captions").addEventListener("change", chooseCaptions);
  byId("restart").addEventListener("click", () => { seek(0); byId("resumed").hidden = true; byId("play").focus(); });
  byId("pip").hidden = !document.pictureInPictureEnabled;
  byId("pip").addEventListener("click", () => void pictureInPicture());
  byId("full").hidden = !document.fullscreenEnabled;
  byId("full").addEventListener("click", () => void video.requestFullscreen());
  for (const each of ["play", "pause", "volumechange"]) video.addEventListener(each, showState);
  for (const each of ["timeupdate", "durationchange", "seeked"]) video.addEventListener(each, showTime);
  addEventListener("pagehide", () => { if (video.currentTime) keepPosition(contentId, video.currentTime); });
  previewSeeking();
  byId("keys").replaceChildren(keys());
}

async function pictureInPicture() {
  const change = document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture();
  await change.catch(() => announce(t("watch-no-pip")));
}

function keys() {
  const tenths = Object.fromEntries(Array.from("0123456789", (digit) => [digit, () => seek((lengthS() * Number(digit)) / 10)]));
  const help = [[t("keys-space"), t("key-play")], ["J, L", t("watch-key-skip")], ["←, →", t("key-1s")], ["Home, End", t("key-ends")], ["0 – 9", t("key-share")], ["M", t("watch-mute")],
    ...(document.pictureInPictureEnabled ? [["P", t("watch-pip")]] : [])];
  return listenToKeys({
    ...tenths, " ": toggle, k: toggle, j: () => seek(video.currentTime - SKIP_S), l: () => seek(video.currentTime + SKIP_S),
    ArrowLeft: () => seek(video.currentTime - 1), ArrowRight: () => seek(video.currentTime + 1), Home: () => seek(0), End: () => seek(lengthS()),
    m: () => { video.muted = !video.muted; }, ...(document.pictureInPictureEnabled && { p: () => void pictureInPicture() }),
  }, help, new AbortController().signal);
}

/** Show the exercises as chapters, and offer to train along, where some were found; without them, the video is one to watch. */
async function showLesson() {
  const lesson = await request(`/v1/content/${encodeURIComponent(contentId)}/lesson`).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
  byId<"a">("train").href = `/lesson.html?${new URLSearchParams({ content: contentId })}`;
  byId("train-box").hidden = byId("chapters-box").hidden = !lesson?.segments.length;
  if (!lesson?.segments.length) return;
  const names = await exercises();
  chapters.show(lesson.segments, (id) => names.get(id)?.name ?? id, seek);
  chapters.mark(video.currentTime);
}

async function open() {
  const opened = await playback();
  byId("title").replaceChildren(h("bdi", null, opened.title));
  document.title = `${opened.title} · Kinelog`;
  byId("description").textContent = opened.description;
  if (opened.posterUrl) video.poster = opened.posterUrl;
  video.setAttribute("aria-label", opened.title);
  expectedS = opened.durationMs / 1000;
  const at = lastPosition(contentId, expectedS, { atS: opened.positionMs / 1000, noted: Date.parse(opened.positionNotedAt ?? "") || 0 });
  listen();
  byId("watch").hidden = false;
  byId("resumed").hidden = at === 0;
  byId("resumed-at").textContent = t("watch-resumed", { at: clock(at) });
  await play(opened, at);
  showState();
  showTime();
  reportPositions(contentId, video, () => source !== null);
  await Promise.all([loadTiles(opened), showLesson()]);
}

clearProblem();
open().catch((error) => {
  byId("title").textContent = error.title ?? t("watch-gone");
  offerAgain(error);
});
