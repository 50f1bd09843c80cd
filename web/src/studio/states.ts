/**
 * States of a trainer's video in words, and what they look like.
 * @module
 */

import { formShape, percent } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";
import type { Schemas } from "../api/client.ts";

type Video = Schemas["ContentItem"];

/** Statuses that the server still works on. */
const WORKING = new Set(["scanning", "processing"]);

/** Shapes and colors of form also say how a video is doing. */
const SHAPES = { good: 1, fair: 0.7, poor: 0, none: null };

type Kind = keyof typeof SHAPES;

export function isWorking({ status }: Video) {
  return WORKING.has(status);
}

/** Whether an administrator withdrew the video. */
export function isTakenDown({ rejection }: Video) {
  return rejection === "taken_down";
}

/** Whether athletes would watch the video, but none may. */
export function lacksAudience({ isPublished, isFree, plans }: Video) {
  return isPublished && !isFree && plans.length === 0;
}

/** Reason of a rejection. */
function reason({ rejection, damagedAtMs, rejectionDetail }: Video): string {
  if (rejection === "damaged" && damagedAtMs !== null) {
    const seconds = Math.floor(damagedAtMs / 1000);
    const at = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    return t("studio-rejected-at", { at });
  }
  return textOr(`studio-rejected-${rejection?.replaceAll("_", "-")}`, rejectionDetail ?? "");
}

function stateOf(video: Video, isStopped: boolean): [Kind, string] {
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

/** What viewers get while a newer version is not published, or "". */
export function standing({ status, isPublished, liveNumber }: Video): string {
  if (!isPublished || liveNumber === null || status === "ready") return "";
  return t("studio-still-live", { number: liveNumber });
}

/** The state of a video: a word, a shape and a color. @param isStopped whether its upload is not complete, and not running in this browser */
export function stateMark(video: Video, isStopped: boolean): HTMLElement {
  const [kind, words] = stateOf(video, isStopped);
  return h("span", { class: `form ${kind} studio-state` }, formShape(SHAPES[kind]), h("span", null, words));
}

/** How far the work is, while it is encoded. */
export function progressBar({ status, progress, title }: Video): HTMLElement | null {
  if (status !== "processing") return null;
  return h("progress", { value: progress ?? 0, max: 1, "aria-label": t("studio-progress-of", { title }) });
}
