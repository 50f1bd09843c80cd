/**
 * Plan editor of a trainer: the public profile, own plans with drafts, and the form of one plan.
 * @module
 */

import "../ui/site-header.js";
import "../workouts/program-builder.js";
import { athlete, exercises, Problem, request, send } from "../api/client.js";
import { EQUIPMENT, equipmentName, languageName, LANGUAGES, SPECIALITIES, specialityName } from "../plans/keys.js";
import { after, listAll } from "../plans/plan-api.js";
import { prescribe } from "../workouts/workout-api.js";
import { clearProblem } from "../ui/banner.js";
import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { markField, onSubmit, showError } from "../ui/forms.js";
import { readPrices, showPrices } from "./price-rows.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["Plan"]} Plan */
/** @typedef {import("../workouts/workout-api.js").Prescription} Prescription */

/** The shortest trial; 0 days are none. */
const LEAST_TRIAL_DAYS = 3;

/** The plan in the form; null for a new one. @type {string | null} */
let planId = null;
/** Days of its trial as they are stored. */
let trialDays = 0;
/** Key of a new plan: saving twice drafts one. */
let key = uniqueKey();
/** Workouts to choose from. @type {Prescription[]} */
let workouts = [];

/** Show a box for each key. @param {HTMLElement} list @param {string[]} keys @param {(key: string) => string} label */
function offerBoxes(list, keys, label) {
  list.replaceChildren(...keys.map((each) => h("label", { class: "editor-check" }, h("input", { type: "checkbox", value: each }), label(each))));
}

/** @param {HTMLElement} list @param {readonly string[]} chosen */
function check(list, chosen) {
  for (const box of list.querySelectorAll("input")) box.checked = chosen.includes(box.value);
}

/** @param {HTMLElement} list @returns {string[]} */
const checked = (list) => [...list.querySelectorAll("input")].filter((box) => box.checked).map(({ value }) => value);

/** Name the sessions by week, and offer those that are in the plan as its preview. */
function numberSessions() {
  const perWeek = Math.max(1, Number(byId("per-week").value) || 1);
  const sessions = [...byId("sessions").children];
  sessions.forEach((session, index) => {
    const place = texts.place(Math.floor(index / perWeek) + 1, (index % perWeek) + 1);
    session.querySelector("span").textContent = place;
    session.querySelector("button").setAttribute("aria-label", texts.removeAt(place));
  });
  const preview = byId("preview").value;
  const ids = new Set(sessions.map((session) => session.querySelector("select").value));
  byId("preview").replaceChildren(new Option(texts.none, ""), ...workouts.filter(({ workoutId }) => ids.has(workoutId)).map(({ workoutId, name }) => new Option(name, workoutId)));
  byId("preview").value = ids.has(preview) ? preview : "";
}

/** @param {string} chosen ID of a workout */
function addSession(chosen) {
  const list = h("select", { onchange: numberSessions }, workouts.map(({ workoutId, name }) => h("option", { value: workoutId }, name)));
  if (chosen) list.value = chosen;
  const session = h("li", { class: "editor-session" }, h("label", { class: "field" }, h("span"), list),
    h("button", { class: "button quiet", type: "button", onclick: () => { session.remove(); numberSessions(); byId("add").focus(); } }, texts.remove));
  byId("sessions").append(session);
  numberSessions();
  return list;
}

/** Show a plan in the form; null for an empty one. @param {Plan | null} plan */
function edit(plan) {
  planId = plan?.planId ?? null;
  key = uniqueKey();
  const draft = plan?.draft;
  byId("form-title").textContent = draft ? texts.editing(draft.title) : texts.newPlan;
  byId("plan-name").value = draft?.title ?? "";
  byId("plan-description").value = draft?.description ?? "";
  byId("level").value = draft?.level ?? "beginner";
  byId("weeks").value = String(draft?.weeks ?? 4);
  byId("per-week").value = String(draft?.sessionsPerWeek ?? 3);
  byId("missed-day").value = draft?.missedDay ?? "shift";
  byId("billing-months").value = String(draft?.billingMonths ?? 1);
  trialDays = plan?.trialDays ?? 0;
  byId("trial-days").value = String(trialDays);
  check(byId("equipment"), draft?.equipment ?? []);
  showPrices(byId("prices"), draft?.prices ?? []);
  byId("sessions").replaceChildren();
  for (const id of draft?.workouts ?? []) addSession(id);
  byId("preview").value = draft?.preview ?? "";
}

/** @param {HTMLElement} button @param {() => Promise<void>} act */
async function once(button, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  clearProblem();
  button.setAttribute("aria-disabled", "true");
  await act().catch(showError);
  button.removeAttribute("aria-disabled");
}

/** @param {Plan} plan */
function planRow(plan) {
  const { planId: id, number, offered, draft } = plan;
  const title = draft?.title ?? "";
  const isChanged = JSON.stringify(offered) !== JSON.stringify(draft);
  const state = !offered ? texts.draft : isChanged ? texts.changed(number) : texts.offered(number);
  const act = (/** @type {"publish" | "withdraw"} */ what, /** @type {string} */ message) => {
    const actKey = uniqueKey();
    const button = h("button", { class: "button", type: "button", "aria-label": `${texts[what]}: ${title}`, onclick: () => void once(button, async () => {
      const { position } = await send("POST", `/v1/plans/${encodeURIComponent(id)}/${what}`, {}, { "Idempotency-Key": actKey });
      await showPlans(position);
      announce(message);
      byId("plans-title").focus();
    }) }, texts[what]);
    return button;
  };
  return h("li", { class: "editor-plan" },
    h("div", null, h("h3", null, h("bdi", null, title)), h("p", { class: "muted" }, state)),
    h("div", { class: "choices" },
      h("button", { class: "button", type: "button", "aria-label": `${texts.edit}: ${title}`, onclick: () => { edit(plan); byId("form-title").focus(); } }, texts.edit),
      (!offered || isChanged) && act("publish", texts.published(title)),
      offered && act("withdraw", texts.withdrawn(title))));
}

/** @param {number | null} [position] that a change has written */
async function showPlans(position = null) {
  const items = await listAll(`/v1/trainers/${encodeURIComponent(await athlete())}/plans`, {}, after(position));
  byId("plans").replaceChildren(...(items.length ? items.map(planRow) : [h("li", { class: "muted" }, texts.noPlans)]));
}

async function savePlan() {
  const ids = [...byId("sessions").querySelectorAll("select")].map(({ value }) => value);
  byId("sessions-wrong").textContent = ids.length ? "" : texts.noWorkout;
  if (!ids.length) { byId("add").focus(); return; }
  const prices = readPrices(byId("prices"));
  if (!prices) return;
  const days = byId("trial-days").valueAsNumber;
  if (days > 0 && days < LEAST_TRIAL_DAYS) { markField(byId("trial-days"), texts.wrongTrial); byId("trial-days").focus(); return; }
  const title = byId("plan-name").value.trim();
  const terms = {
    title, description: byId("plan-description").value, level: byId("level").value, weeks: Number(byId("weeks").value), sessionsPerWeek: Number(byId("per-week").value),
    workouts: ids, equipment: checked(byId("equipment")), preview: byId("preview").value || null, missedDay: byId("missed-day").value, prices, billingMonths: Number(byId("billing-months").value),
  };
  const written = await (planId
    ? send("PUT", `/v1/plans/${encodeURIComponent(planId)}`, terms)
    : send("POST", "/v1/plans", { ...terms, trainerId: await athlete() }, { "Idempotency-Key": key }));
  planId = written.planId;
  byId("form-title").textContent = texts.editing(title);
  const { position } = days === trialDays ? written : await send("POST", `/v1/plans/${encodeURIComponent(written.planId)}/trial`, { days });
  trialDays = days;
  await showPlans(position);
  announce(texts.saved(title));
}

async function saveProfile() {
  const languages = checked(byId("languages"));
  const [first] = byId("languages").querySelectorAll("input");
  byId("languages-wrong").textContent = languages.length ? "" : texts.languageMissing;
  if (!languages.length) { first.focus(); return; }
  const body = { name: byId("trainer-name").value.trim(), description: byId("trainer-description").value, languages, specialities: checked(byId("specialities")) };
  await send("PUT", `/v1/trainers/${encodeURIComponent(await athlete())}`, body);
  announce(texts.profileSaved);
  byId("profile-status").textContent = texts.profileSaved;
}

async function showProfile() {
  const profile = await request(`/v1/trainers/${encodeURIComponent(await athlete())}`).catch((error) => { if (error instanceof Problem && error.status === 404) return null; throw error; });
  byId("trainer-name").value = profile?.name ?? "";
  byId("trainer-description").value = profile?.description ?? "";
  check(byId("languages"), profile?.languages ?? []);
  check(byId("specialities"), profile?.specialities ?? []);
}

/** @param {CustomEvent<{name: string, exercises: import("../workouts/plan.js").Line[]}>} event */
async function saveWorkout({ detail }) {
  const { workoutId } = await prescribe(detail, await athlete(), uniqueKey());
  workouts = [/** @type {Prescription} */ ({ ...detail, workoutId }), ...workouts];
  for (const list of byId("sessions").querySelectorAll("select")) list.prepend(new Option(detail.name, workoutId));
  byId("sessions-wrong").textContent = "";
  addSession(workoutId).focus();
  byId("builder").clear();
  announce(texts.workoutSaved(detail.name));
}

/** All workouts of the trainer, newest first: plans prescribe no others. @returns {Promise<Prescription[]>} */
async function ownWorkouts() {
  return listAll("/v1/workout-plans", { author: await athlete() });
}

async function open() {
  offerBoxes(byId("languages"), LANGUAGES, languageName);
  offerBoxes(byId("specialities"), SPECIALITIES, specialityName);
  offerBoxes(byId("equipment"), EQUIPMENT, equipmentName);
  const [own, library] = await Promise.all([ownWorkouts(), exercises(), showPlans(), showProfile()]);
  workouts = own;
  byId("builder").offer([...library.values()]);
  edit(null);
  byId("add").addEventListener("click", () => {
    byId("sessions-wrong").textContent = workouts.length ? "" : texts.firstWorkout;
    if (workouts.length) addSession("").focus();
  });
  byId("per-week").addEventListener("change", numberSessions);
  byId("new").addEventListener("click", () => { edit(null); byId("form-title").focus(); });
  byId("builder").addEventListener("written", (/** @type {any} */ event) => { clearProblem(); byId("builder").busy = true; saveWorkout(event).catch(showError).finally(() => { byId("builder").busy = false; }); });
  onSubmit(byId("plan-form"), savePlan);
  onSubmit(byId("profile-form"), saveProfile);
  for (const id of ["plan-name", "trainer-name"]) byId(id).addEventListener("input", () => markField(byId(id), ""));
  byId("editor").hidden = false;
}

open().catch(showError);
