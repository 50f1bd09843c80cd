/**
 * Workouts that trainers assigned to the user: the list to choose from, beginning and declining.
 * @module
 */

import { athlete, request, send } from "../api/client.js";
import { loadOrLast } from "../offline/last-answers.js";
import { clearProblem } from "../ui/banner.js";
import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { calendarDay } from "../i18n/format.js";
import { units } from "../i18n/units.js";
import { t } from "../i18n/l10n.js";
import { doses } from "./doses.js";
import { showEnded } from "./ended-assigned.js";
import { executionUrl } from "./workout-url.js";

/** @typedef {import("../api/client.js").Schemas["Assignment"]} Assignment */
/** @typedef {Map<string, import("../api/client.js").Exercise>} Exercises */

/** @type {Intl.DateTimeFormatOptions} */
const DATE = { day: "numeric", month: "short", year: "numeric" };

/** @param {string} id @param {"start" | "decline"} act */
const pathOf = (id, act) => `/v1/me/assignments/${encodeURIComponent(id)}/${act}`;

/** All workouts assigned to the user. @returns {Promise<Assignment[]>} */
async function assignments() {
  return (await loadOrLast("assignments", () => request("/v1/me/assignments"))).items;
}

/** The workout with this ID; undefined if it was taken back. @param {string} id @returns {Promise<Assignment | undefined>} */
export async function assignment(id) {
  return (await assignments()).find(({ assignmentId }) => assignmentId === id);
}

/** Name of the workout that a session performs. @param {string} sessionId */
export async function assignedOf(sessionId) {
  const found = (await assignments()).find((each) => each.sessionId === sessionId);
  return { name: found?.name || t("assigned-workout"), exercises: found?.exercises ?? [] };
}

/** Begin an assigned workout; with the same key, once. @param {string} id @param {string} key @returns {Promise<import("../player/resume.js").Execution>} */
export function beginAssigned(id, key) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return send("POST", pathOf(id, "start"), { timeZone }, { "Idempotency-Key": key });
}

/** Ask whether to decline, in place of the buttons. @param {Assignment} workout @param {HTMLElement} place @param {() => Promise<void>} reload */
function askToDecline({ assignmentId }, place, reload) {
  const before = [...place.childNodes];
  const key = uniqueKey();
  const decline = async () => {
    clearProblem();
    await send("POST", pathOf(assignmentId, "decline"), {}, { "Idempotency-Key": key });
    announce(t("assigned-declined"));
    await reload();
    byId("title").focus();
  };
  const keep = () => { place.replaceChildren(...before); place.querySelector("button")?.focus(); };
  const no = h("button", { class: "button", type: "button", onclick: keep }, t("assigned-keep"));
  place.replaceChildren(h("p", null, t("assigned-decline-sure")), no, h("button", { class: "button", type: "button", onclick: () => void decline().catch(showError) }, t("assigned-decline")));
  no.focus();
}

/** @param {Assignment} workout @param {Exercises} names @param {import("../i18n/units.js").Units} unit @param {() => Promise<void>} reload */
function card(workout, names, unit, reload) {
  const { assignmentId, trainerName, name, note, exercises, dueOn, state, sessionId } = workout;
  const id = `assigned-${assignmentId}`;
  const choices = h("div", { class: "choices" });
  const link = state === "begun" && sessionId
    ? h("a", { class: "button primary", href: executionUrl(sessionId), "aria-describedby": id }, t("resume"))
    : h("a", { class: "button primary", href: `/workout_player.html?${new URLSearchParams({ assignment: assignmentId })}`, "aria-describedby": id }, t("select"));
  choices.append(link, h("button", { class: "button", type: "button", "aria-describedby": id, onclick: () => askToDecline(workout, choices, reload) }, t("assigned-decline")));
  return h("li", { class: "assigned-card" },
    h("h3", { id }, h("bdi", null, name)),
    h("p", { class: "muted" }, h("bdi", null, trainerName ?? t("trainers-unnamed")), ` · ${calendarDay(dueOn, DATE)}`),
    note && h("p", { dir: "auto" }, note),
    h("ul", { class: "prescription-lines" }, exercises.map((line) => h("li", null, `${names.get(line.exerciseId)?.name ?? line.exerciseId}: ${doses(line, unit)}`))),
    choices);
}

/** Show the workouts that trainers assigned and that are not over. @param {Exercises} names */
export async function showAssigned(names) {
  await athlete(); // sign-in, where it is required
  void showEnded();
  const open = (await assignments()).filter(({ state }) => state === "assigned" || state === "begun");
  byId("assigned-box").hidden = open.length === 0;
  if (open.length === 0) return;
  const unit = await units();
  byId("assigned").replaceChildren(...open.map((each) => card(each, names, unit, () => showAssigned(names))));
}
