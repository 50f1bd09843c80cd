/**
 * Plan editor of a trainer: the public profile, own plans with drafts, and the form of one plan.
 * @module
 */

import "../ui/site-header.ts";
import "../workouts/program-builder.ts";
import { athlete, exercises, Problem, send, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { EQUIPMENT, equipmentName } from "../plans/keys.ts";
import { after, listAll } from "../plans/plan-api.ts";
import { prescribe, prescription, type Prescription } from "../workouts/workout-api.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { markField, offerReload, onSubmit, showError } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";
import { isUnsaved, replaceWork, saveWork, watchWork, workIsSaved, workIsUnsaved } from "../ui/unsaved-work.ts";
import { writeDraft } from "./draft-writing.ts";
import { check, checked, offerBoxes } from "./check-boxes.ts";
import { readPrices, showPrices } from "./price-rows.ts";
import { openProfile } from "./profile-form.ts";
import { texts } from "./texts.ts";
import type { Shown, Terms } from "./draft-writing.ts";
import type { Line } from "../workouts/plan.ts";

type Plan = Schemas["Plan"];

/** The shortest trial; 0 days are none. */
const LEAST_TRIAL_DAYS = 3;

/** The plan in the form. */
let shown: Shown = { id: null, newId: uniqueKey(), revision: null };

/** Days of its trial as they are stored. */
let trialDays = 0;
/** Key of a new workout: a retry writes no second one. */
let workoutKey = new RetryKey();
const planForm = byId<"form">("plan-form");

/** Workouts to choose from. */
let workouts: Prescription[] = [];

/** The plans in the list. */
let plans: Plan[] = [];

/** Names of workouts that are in drafts but no longer listed, because they were deleted. */
const deletedNames: Map<string, string> = new Map();

/** IDs and names of all workouts, also of those that only a draft has. */
const choices = () => [...workouts.map(({ workoutId, name }): [string, string] => [workoutId, name]), ...deletedNames];

/** Load the names of workouts that drafts have, but that are not listed. One that cannot be read is shown by its ID. */
async function nameDeleted(of: Plan[]) {
  const ids = new Set(of.flatMap(({ draft }) => draft?.workouts ?? []));
  for (const [id] of choices()) ids.delete(id);
  await Promise.all([...ids].map(async (id) => { deletedNames.set(id, await prescription(id).then(({ name }) => name, () => id)); }));
}

/** Name the sessions by week, and offer those that are in the plan as its preview. */
function numberSessions() {
  const perWeek = Math.max(1, Number(byId<"input">("per-week").value) || 1);
  const sessions = [...byId("sessions").children];
  sessions.forEach((session, index) => {
    const place = texts.place(Math.floor(index / perWeek) + 1, (index % perWeek) + 1);
    session.querySelector("span")?.replaceChildren(place);
    session.querySelector("button")?.setAttribute("aria-label", texts.removeAt(place));
  });
  const preview = byId<"select">("preview").value;
  const ids = new Set(sessions.map((session) => session.querySelector("select")?.value ?? ""));
  byId("preview").replaceChildren(new Option(texts.none, ""), ...choices().filter(([id]) => ids.has(id)).map(([id, name]) => new Option(name, id)));
  byId<"select">("preview").value = ids.has(preview) ? preview : "";
}

/** @param chosen ID of a workout */
function addSession(chosen: string) {
  const list = h("select", { onchange: numberSessions }, choices().filter(([id]) => id === chosen || !deletedNames.has(id)).map(([id, name]) => h("option", { value: id }, name)));
  if (chosen) list.value = chosen;
  const session = h("li", { class: "editor-session" }, h("label", { class: "field" }, h("span"), list),
    h("button", { class: "button quiet", type: "button", onclick: () => { session.remove(); numberSessions(); byId("add").focus(); } }, texts.remove));
  byId("sessions").append(session);
  numberSessions();
  return list;
}

/** Show a plan in the form; null for an empty one. */
function edit(plan: Plan | null) {
  shown = { id: plan?.planId ?? null, newId: uniqueKey(), revision: plan?.revision ?? null };
  const draft = plan?.draft;
  byId("form-title").textContent = draft ? texts.editing(draft.title) : texts.newPlan;
  byId<"input">("plan-name").value = draft?.title ?? "";
  byId<"textarea">("plan-description").value = draft?.description ?? "";
  byId<"select">("level").value = draft?.level ?? "beginner";
  byId<"input">("weeks").value = String(draft?.weeks ?? 4);
  byId<"input">("per-week").value = String(draft?.sessionsPerWeek ?? 3);
  byId<"select">("missed-day").value = draft?.missedDay ?? "shift";
  byId<"select">("billing-months").value = String(draft?.billingMonths ?? 1);
  trialDays = plan?.trialDays ?? 0;
  byId<"input">("trial-days").value = String(trialDays);
  check(byId("equipment"), draft?.equipment ?? []);
  showPrices(byId("prices"), draft?.prices ?? []);
  byId("sessions").replaceChildren();
  for (const id of draft?.workouts ?? []) addSession(id);
  byId<"select">("preview").value = draft?.preview ?? "";
  workIsSaved(planForm);
}

/** Show another plan of the list in the form; null for an empty one. */
function editInstead(id: string | null) {
  replaceWork(planForm, () => {
    edit(plans.find(({ planId }) => planId === id) ?? null);
    byId("form-title").focus();
  });
}

function planRow({ planId: id, number, offered, draft }: Plan) {
  const title = draft?.title ?? "";
  const isChanged = JSON.stringify(offered) !== JSON.stringify(draft);
  const state = !offered ? texts.draft : isChanged ? texts.changed(number) : texts.offered(number);
  const act = (what: "publish" | "withdraw", message: string) => {
    const actKey = uniqueKey();
    const button = h("button", { class: "button", type: "button", "aria-label": `${texts[what]}: ${title}`, onclick: () => void once(button, async () => {
      const { position } = await send("POST", `/v1/plans/${encodeURIComponent(id)}/${what}`, {}, { "Idempotency-Key": actKey });
      await showPlans(position);
      announce(message);
      byId("plans-title").focus();
    }) }, texts[what]);
    return button;
  };
  return h("li", { class: "editor-plan", "data-plan": id },
    h("div", null, h("h3", null, h("bdi", null, title)), h("p", { class: "muted" }, state)),
    h("div", { class: "choices" },
      h("button", { class: "button", type: "button", "aria-label": `${texts.edit}: ${title}`, onclick: () => editInstead(id) }, texts.edit),
      (!offered || isChanged) && act("publish", texts.published(title)),
      offered && act("withdraw", texts.withdrawn(title))));
}

/** @param position that a change has written */
async function showPlans(position: number | null = null): Promise<Plan[]> {
  plans = await listAll(`/v1/trainers/${encodeURIComponent(await athlete())}/plans`, {}, after(position));
  await nameDeleted(plans);
  byId("plans").replaceChildren(...(plans.length ? plans.map(planRow) : [h("li", { class: "muted" }, texts.noPlans)]));
  return plans;
}

async function savePlan() {
  const ids = [...byId("sessions").querySelectorAll("select")].map(({ value }) => value);
  byId("sessions-wrong").textContent = ids.length ? "" : texts.noWorkout;
  if (!ids.length) { byId("add").focus(); return; }
  const prices = readPrices(byId("prices"));
  if (!prices) return;
  const days = byId<"input">("trial-days").valueAsNumber;
  if (days > 0 && days < LEAST_TRIAL_DAYS) { markField(byId<"input">("trial-days"), texts.wrongTrial); byId("trial-days").focus(); return; }
  const terms = {
    title: byId<"input">("plan-name").value.trim(), description: byId<"textarea">("plan-description").value, level: byId<"select">("level").value as Terms["level"], weeks: Number(byId<"input">("weeks").value), sessionsPerWeek: Number(byId<"input">("per-week").value),
    workouts: ids, equipment: checked(byId("equipment")), preview: byId<"select">("preview").value || null, missedDay: byId<"select">("missed-day").value as Terms["missedDay"], prices, billingMonths: Number(byId<"select">("billing-months").value),
  };
  await saveWork(planForm, () => writePlan(terms, days));
}

async function writePlan(terms: Terms, days: number) {
  const written = await writeDraft(shown, terms);
  shown.id = written.planId;
  byId("form-title").textContent = texts.editing(terms.title);
  const saved = (await showPlans(written.position)).find((each) => each.planId === written.planId);
  shown.revision = Math.min(saved?.revision ?? 1, (shown.revision ?? 0) + 1); // a later change was made elsewhere
  if (days !== trialDays) {
    const { position } = await send("POST", `/v1/plans/${encodeURIComponent(written.planId)}/trial`, { days });
    trialDays = days;
    await showPlans(position);
  }
  announce(texts.saved(terms.title));
  byId("plans").querySelector(`[data-plan="${CSS.escape(written.planId)}"]`)?.scrollIntoView({ block: "center" }); // with the button that publishes it
}

/** After a change made elsewhere the form keeps what was typed, beside a button that shows the draft as it is now. */
function refuse(error: unknown) {
  if (!(error instanceof Problem) || error.code !== "plan.changed") { showError(error); return; }
  const show = async () => {
    workouts = await ownWorkouts(); // the draft may have one that was written, deleted or restored since
    deletedNames.clear();
    const current = (await showPlans()).find((each) => each.planId === shown.id);
    if (current) edit(current);
    byId("form-title").focus();
  };
  showError(error, { kept: texts.kept, action: texts.showCurrent, onAction: () => { show().catch(showError); } });
}

async function saveWorkout({ detail }: CustomEvent<{name: string, exercises: Line[]}>) {
  const builder = byId<"program-builder">("builder");
  let workoutId = "";
  await saveWork(builder, async () => { ({ workoutId } = await prescribe(detail, await athlete(), workoutKey.of(detail))); });
  workoutKey = new RetryKey(); // the same workout can be written again
  workouts = [{ ...detail, workoutId } as Prescription, ...workouts];
  for (const list of byId("sessions").querySelectorAll("select")) list.prepend(new Option(detail.name, workoutId));
  byId("sessions-wrong").textContent = "";
  const session = addSession(workoutId);
  workIsUnsaved(planForm);
  if (!isUnsaved(builder)) { // otherwise the next workout was typed meanwhile
    builder.clear();
    session.focus();
  }
  announce(texts.workoutSaved(detail.name));
}

/** All workouts of the trainer, newest first: plans prescribe no others. */
async function ownWorkouts(): Promise<Prescription[]> {
  return listAll("/v1/workout-plans", { author: await athlete() });
}

async function open() {
  offerBoxes(byId("equipment"), EQUIPMENT, equipmentName);
  const [own, library] = await Promise.all([ownWorkouts(), exercises(), openProfile()]);
  workouts = own;
  await showPlans();
  byId<"program-builder">("builder").offer([...library.values()]);
  edit(null);
  byId("add").addEventListener("click", () => {
    byId("sessions-wrong").textContent = workouts.length ? "" : texts.firstWorkout;
    if (workouts.length) addSession("").focus();
  });
  byId("per-week").addEventListener("change", numberSessions);
  byId("new").addEventListener("click", () => editInstead(null));
  byId("builder").addEventListener("written", (event) => { clearProblem(); byId<"program-builder">("builder").busy = true; saveWorkout(event as CustomEvent).catch(showError).finally(() => { byId<"program-builder">("builder").busy = false; }); });
  onSubmit(planForm, savePlan, refuse);
  watchWork(planForm);
  byId("plan-name").addEventListener("input", () => markField(byId<"input">("plan-name"), ""));
  byId("editor").hidden = false;
}

open().catch(offerReload);
