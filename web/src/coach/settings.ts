/**
 * Settings of the coach page, stored in this browser. Consent to send pictures is never stored.
 * @module
 */

import { byId } from "../ui/dom.ts";
import { goalFrom, showGoal } from "./goals.ts";
import { t } from "../i18n/l10n.ts";
import { selectTransport, selectedTransport, type TransportName } from "../live/transports.ts";
import { storeValue } from "../stores/browser-storage.ts";

const STORED = "kinelog.coach";

/** Fields that are stored for all exercises together. */
const CHOICES = ["rest", "every"] as const;
const BOXES = ["keep", "voice", "listen", "notify"] as const;

type Settings = {exercise?: string, rest?: string, every?: string, keep?: boolean, voice?: boolean, listen?: boolean, notify?: boolean, targets?: Record<string, string>};

function storedSettings(): Settings {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {}; // not written by this page
  }
}

/** The exercise of the last training here; undefined if there was none. */
export function lastExercise(): string | undefined {
  return storedSettings().exercise;
}

/** Fill the form with the stored settings that are the same for all exercises; options that do not exist are skipped. */
export function recall() {
  const kept = storedSettings();
  for (const id of CHOICES) {
    const option = [...byId<"select">(id).options].find(({ value }) => value === kept[id]);
    if (option) option.selected = true;
  }
  for (const id of BOXES) if (typeof kept[id] === "boolean") byId<"input">(id).checked = kept[id];
  byId<"select">("transport").value = selectedTransport();
}

/** Show the last goal of the selected exercise. */
export function recallTarget() {
  showGoal("target", targetOf(byId<"exercise-tiles">("exercise").value));
}

/** The selected mode. */
export function selectedMode() {
  return new FormData(byId<"form">("setup-form")).get("leaves") as "landmarks" | "images" | "manual";
}

/** Say what will be kept of the training, whether a video can be, and what the start does. */
export function showKept() {
  const [keeps, video] = [byId<"input">("keep"), byId<"input">("keep-video")];
  video.disabled = !keeps.checked;
  const isManual = (byId("leaves").querySelector("[value=manual]") as HTMLInputElement).checked;
  byId("camera-on").textContent = t(isManual ? "start-manually" : "turn-on-camera");
  const text = isManual ? "kept-manual" : !keeps.checked ? "kept-count" : video.checked ? "kept-video" : "kept-movement";
  byId("kept-note").textContent = t(text);
}

/** Store the settings of the form. */
export function remember() {
  const [exercise, target] = [byId<"exercise-tiles">("exercise").value, byId<"input">("target").value];
  const now: Record<string, unknown> = { exercise, targets: { ...storedSettings().targets, [exercise]: target } };
  for (const id of CHOICES) now[id] = byId<"select">(id).value;
  for (const id of BOXES) now[id] = byId<"input">(id).checked;
  storeValue(STORED, JSON.stringify(now));
  selectTransport(byId<"select">("transport").value as TransportName);
}

/** The last goal of an exercise; null if there is none. */
export function targetOf(exercise: string): number | null {
  return goalFrom(storedSettings().targets?.[exercise]);
}

/** Pass the settings of the form to the counter and the timer. */
export function applySettings() {
  const notifies = byId<"input">("notify").checked;
  byId<"rep-counter">("counter").every = byId<"select">("every").value === "5" ? 5 : 1;
  byId<"rest-timer">("timer").notifies = notifies;
  if (notifies && typeof Notification !== "undefined") void Notification.requestPermission();
}
