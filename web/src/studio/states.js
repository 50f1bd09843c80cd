/**
 * States of a trainer's video in words, and what they look like.
 * @module
 */

import { formShape, percent } from "../i18n/format.js";
import { t, textOr } from "../i18n/l10n.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../api/client.js").Schemas["ContentItem"]} Video */

/** Statuses that the server still works on. */
const WORKING = new Set(["scanning", "processing"]);

/** Shapes and colors of form also say how a video is doing. */
const SHAPES = { good: 1, fair: 0.7, poor: 0, none: null };

/** @typedef {keyof typeof SHAPES} Kind */

/** @param {Video} video */
export function isWorking({ status }) {
  return WORKING.has(status);
}

/** Whether an administrator withdrew the video. @param {Video} video */
export function isTakenDown({ rejection }) {
  return rejection === "taken_down";
}

/** Whether athletes would watch the video, but none may. @param {Video} video */
export function lacksAudience({ isPublished, isFree, plans }) {
  return isPublished && !isFree && plans.length === 0;
}

/** Reason of a rejection. @param {Video} video @returns {string} */
function reason({ rejection, damagedAtMs, rejectionDetail }) {
  if (rejection === "damaged" && damagedAtMs !== null) {
    const seconds = Math.floor(damagedAtMs / 1000);
    const at = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    return t("studio-rejected-at", { at });
  }
  return textOr(`studio-rejected-${rejection?.replaceAll("_", "-")}`, rejectionDetail ?? "");
}

/** @param {Video} video @param {boolean} isStopped @returns {[Kind, string]} */
function stateOf(video, isStopped) {
  switch (video.status) {
    case "uploading": return isStopped ? ["fair", t("studio-stopped")] : ["none", t("studio-uploading")];
    case "scanning": return ["fair", t("studio-checking")];
    case "processing": return ["fair", t("studio-processing", { share: percent(video.progress ?? 0) })];
    case "rejected": return ["poor", isTakenDown(video) ? t("studio-taken-down") : t("studio-rejected", { reason: reason(video) })];
    case "failed": return ["none", t(video.endedReason === "expired" ? "studio-expired" : "studio-cancelled")];
    case "draft": return ["none", t("studio-unpublished")];
    default: return lacksAudience(video) ? ["fair", t("studio-live-for-nobody")] : ["good", t("studio-live")];
  }
}

/** What viewers get while a newer version is not published, or "". @param {Video} video @returns {string} */
export function standing({ status, isPublished, liveNumber }) {
  if (!isPublished || liveNumber === null || status === "ready") return "";
  return t("studio-still-live", { number: liveNumber });
}

/** The state of a video: a word, a shape and a color. @param {Video} video @param {boolean} isStopped whether its upload was interrupted @returns {HTMLElement} */
export function stateMark(video, isStopped) {
  const [kind, words] = stateOf(video, isStopped);
  return h("span", { class: `form ${kind} studio-state` }, formShape(SHAPES[kind]), h("span", null, words));
}

/** How far the work is, while it is encoded. @param {Video} video @returns {HTMLElement | null} */
export function progressBar({ status, progress, title }) {
  if (status !== "processing") return null;
  return h("progress", { value: progress ?? 0, max: 1, "aria-label": t("studio-progress-of", { title }) });
}
