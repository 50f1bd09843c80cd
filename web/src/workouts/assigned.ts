/**
 * Workouts that trainers assigned to the user: the list to choose from, beginning and declining.
 * @module
 */

import { athlete, request, send, type Exercise, type Schemas } from "../api/client.ts";
import { loadOrLast } from "../offline/last-answers.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { calendarDay, words } from "../i18n/format.ts";
import { units, type Units } from "../i18n/units.ts";
import { t } from "../i18n/l10n.ts";
import { doses } from "./doses.ts";
import { once } from "../ui/questions.ts";
import { showEnded } from "./ended-assigned.ts";
import { executionUrl } from "./workout-url.ts";
import type { Execution } from "../player/resume.ts";

type Assignment = Schemas["Assignment"];
type Exercises = Map<string, Exercise>;

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };

const pathOf = <Act extends "start" | "decline">(id: string, act: Act) => `/v1/me/assignments/${encodeURIComponent(id)}/${act}` as const;

/** All workouts assigned to the user. */
async function assignments(): Promise<Assignment[]> {
  return (await loadOrLast("assignments", () => request("/v1/me/assignments"))).items;
}

/** The workout with this ID; undefined if it was taken back. */
export async function assignment(id: string): Promise<Assignment | undefined> {
  return (await assignments()).find(({ assignmentId }) => assignmentId === id);
}

/** Name of the workout that a session performs. */
export async function assignedOf(sessionId: string) {
  const found = (await assignments()).find((each) => each.sessionId === sessionId);
  return { name: found?.name || t("assigned-workout"), exercises: found?.exercises ?? [] };
}

/** Begin an assigned workout; with the same key, once. */
export function beginAssigned(id: string, key: string): Promise<Execution> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return send("POST", pathOf(id, "start"), { timeZone }, { "Idempotency-Key": key });
}

/** Ask whether to decline, in place of the buttons. */
function askToDecline({ assignmentId }: Assignment, place: HTMLElement, reload: () => Promise<void>) {
  const before = [...place.childNodes];
  const key = uniqueKey();
  const decline = async () => {
    await send("POST", pathOf(assignmentId, "decline"), {}, { "Idempotency-Key": key });
    announce(t("assigned-declined"));
    await reload();
    byId("title").focus();
  };
  const keep = () => { place.replaceChildren(...before); place.querySelector("button")?.focus(); };
  const no = h("button", { class: "button", type: "button", onclick: keep }, t("assigned-keep"));
  const yes = h("button", { class: "button", type: "button", onclick: () => void once(yes, decline) }, t("assigned-decline"));
  for (const each of [no, yes]) onEscape(each, keep);
  place.replaceChildren(h("p", null, t("assigned-decline-sure")), no, yes);
  no.focus();
}

function card(workout: Assignment, names: Exercises, unit: Units, reload: () => Promise<void>) {
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
    h("ul", { class: "prescription-lines" }, exercises.map((line) => h("li", null, `${names.get(line.exerciseId)?.name ?? words(line.exerciseId)}: ${doses(line, unit)}`))),
    choices);
}

/** Show the workouts that trainers assigned and that are not over. */
export async function showAssigned(names: Exercises) {
  await athlete(); // sign-in, where it is required
  const open = (await assignments()).filter(({ state }) => state === "assigned" || state === "begun");
  void showEnded(); // not at the same time: of two banners, the first would not be seen
  byId("assigned-box").hidden = open.length === 0;
  if (open.length === 0) return;
  const unit = await units();
  byId("assigned").replaceChildren(...open.map((each) => card(each, names, unit, () => showAssigned(names))));
}
