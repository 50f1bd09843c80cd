/**
 * How somebody wants to be coached on this page; this browser remembers it, but never that pictures are sent.
 * @module
 */

import { byId } from "../ui/dom.js";
import { chooseDoor, chosenDoor } from "../live/transports.js";

const STORED = "kinelog.coach";

/** What is the same for every exercise. */
const CHOICES = /** @type {const} */ (["exercise", "rest", "every"]);
const BOXES = /** @type {const} */ (["voice", "listen", "notify"]);

/** @typedef {{exercise?: string, rest?: string, every?: string, voice?: boolean, listen?: boolean, notify?: boolean, targets?: Record<string, string>}} Settings */

/** @returns {Settings} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {}; // somebody else wrote there
  }
}

/** Show what was chosen the last time; what there is no more stays as it is. */
export function recall() {
  const kept = remembered();
  for (const id of CHOICES) if ([...byId(id).options].some((each) => each.value === kept[id])) byId(id).value = kept[id];
  for (const id of BOXES) if (typeof kept[id] === "boolean") byId(id).checked = kept[id];
  byId("door").value = chosenDoor();
  recallTarget();
}

/** Show the goal that the chosen exercise had the last time. */
export function recallTarget() {
  byId("target").value = remembered().targets?.[byId("exercise").value] ?? "";
}

/** Remember what is chosen now. */
export function remember() {
  const [exercise, target] = [byId("exercise").value, byId("target").value];
  /** @type {Record<string, unknown>} */
  const now = { targets: { ...remembered().targets, [exercise]: target } };
  for (const id of CHOICES) now[id] = byId(id).value;
  for (const id of BOXES) now[id] = byId(id).checked;
  localStorage.setItem(STORED, JSON.stringify(now));
  chooseDoor(byId("door").value);
}

/** The goal of a set; null where there is none. @returns {number | null} */
export function target() {
  const wished = Number(byId("target").value);
  return Number.isInteger(wished) && wished > 0 ? wished : null;
}

/** The goal that an exercise had the last time. @param {string} exercise @returns {number | null} */
export function targetOf(exercise) {
  const wished = Number(remembered().targets?.[exercise]);
  return Number.isInteger(wished) && wished > 0 ? wished : null;
}
