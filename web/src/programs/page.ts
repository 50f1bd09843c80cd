/**
 * Page of programs: the list, a new one, and the one in the URL with its weeks and its rule.
 * @module
 */

import { GOALS } from "./texts.ts";
import "../ui/site-header.ts";

import { answer, athlete, exercises as allExercises, Problem, request, send, type Exercise, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { t } from "../i18n/l10n.ts";
import { confirming } from "../ui/questions.ts";
import { clearProblem, showProblem } from "../ui/banner.ts";
import { announce, byId, h, isPresent, uniqueKey } from "../ui/dom.ts";
import { loadOrOffer, onSubmit, showUnsaved } from "../ui/forms.ts";
import { applyConstraints, constraintsOf } from "../ui/schema-fields.ts";
import { replaceWork, saveWork, watchWork, workIsSaved, workIsUnsaved } from "../ui/unsaved-work.ts";
import { units, type Units } from "../i18n/units.ts";
import { EQUIPMENT, equipmentName } from "../plans/keys.ts";
import { executionUrl } from "../workouts/workout-url.ts";
import { Draft, type Line } from "./draft.ts";
import { effortPart } from "./effort-part.ts";
import { notesPart } from "./notes-part.ts";
import { changesPart, pathOf, rulePart } from "./rule-part.ts";
import { templateChoice } from "./templates.ts";
import { Weeks } from "./weeks.ts";

type Program = Schemas["Program"];

const MAX_WEEKS = Number(constraintsOf("ExtendProgram.weeks").max);
const WEEKS_ADDED = 4;

const template = templateChoice(byId<"form">("create"));

/** Id of the program in the URL, or null. */
const chosen = () => new URLSearchParams(location.search).get("program");

const addressOf = (id: string | null) => (id ? `?${new URLSearchParams({ program: id })}` : location.pathname);

/** The program that is shown, or null. */
let shown: {
  id: string,
  draft: Draft,
  /** what was typed and changed, so far */
  edits: number,
  /** show what the server has changed, beside the edits */
  take: (now: Program, before: [Line, Line][]) => void,
} | null = null;

/** The latest change that is sent. */
let latest: Promise<unknown> = Promise.resolve();

/**
 * Send a change of the program that is shown, after the one before it: the revision rises with each. Then show the program,
 * in which edits that were made in the meantime stay.
 * @returns whether there were none
 */
function change(act: () => Promise<unknown>): Promise<boolean> {
  const sending = latest.then(async () => {
    const [changed, sent, before] = [shown, shown?.edits, shown?.draft.snapshot() ?? []];
    await act();
    await show((now) => {
      if (shown !== changed) return true; // another program was opened
      if (changed?.edits === sent) return false;
      changed?.take(now, before);
      return true;
    });
    return changed?.edits === sent;
  });
  latest = sending.catch(() => {});
  return sending;
}

/** Open a program: when all changes are sent, or, if the one that is shown has unsaved changes, when they are discarded. */
function open(id: string) {
  void latest.then(() => replaceWork(byId("program"), () => {
    history.pushState(null, "", addressOf(id));
    void show().then(() => byId("program-title").focus());
  }));
}

/** Show the program of the URL. Until changes of the one that is shown are sent or discarded, the URL stays at it. */
function navigated() {
  const id = chosen();
  if (id === (shown?.id ?? null)) return; // a link within the page was followed
  history.replaceState(null, "", addressOf(shown?.id ?? null));
  void latest.then(() => replaceWork(byId("program"), () => {
    history.replaceState(null, "", addressOf(id));
    void show();
  }));
}

function card(program: Program) {
  const { programId, name, goal, performed, weeks, endedAt } = program;
  const days = weeks.reduce((sum, week) => sum + week.days.length, 0);
  const state = endedAt ? t("programs-ended") : t("programs-progress", { done: performed.length, days });
  const go = (event: Event) => { event.preventDefault(); open(programId); };
  return h("li", null, h("a", { href: addressOf(programId), onclick: go }, h("bdi", null, name)),
    h("span", null, GOALS[goal]), h("span", { class: "muted" }, state));
}

function showProgram(program: Program, exercises: Map<string, Exercise>, unit: Units) {
  const draft = new Draft(program);
  const save = h("button", { class: "button primary", type: "button", hidden: true, onclick: () => void run(saved) }, t("programs-save"));
  const keys = { save: new RetryKey(), start: uniqueKey(), extend: uniqueKey(), end: uniqueKey() };
  let { revision } = program;
  const saved = async () => {
    if (save.getAttribute("aria-disabled") === "true") return;
    save.setAttribute("aria-disabled", "true");
    const sendDraft = () => {
      const body = { name: program.name, revision, weeks: draft.weeks, notes: draft.notes };
      return send("PUT", pathOf(program), body, keys.save.headers(body));
    };
    try {
      const saving = saveWork(byId("program"), async () => { if (await change(sendDraft)) announce(t("programs-saved")); });
      latest = saving.catch(() => {}); // what is refused is unsaved again before another program is opened
      await saving;
    } finally {
      save.removeAttribute("aria-disabled");
    }
  };
  const start = async () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const { id } = await send("POST", `${pathOf(program)}/start`, { timeZone }, { "Idempotency-Key": keys.start });
    location.assign(executionUrl(id));
  };
  const added = Math.min(WEEKS_ADDED, MAX_WEEKS - program.weeks.length);
  const extend = async () => {
    await change(() => send("POST", `${pathOf(program)}/weeks`, { weeks: added }, { "Idempotency-Key": keys.extend }));
    announce(t("programs-extended", { count: added }));
  };
  const end = async () => {
    await answer(pathOf(program), { method: "DELETE", headers: { "Idempotency-Key": keys.end } });
    await show();
    announce(t("programs-ended"));
  };
  if (program.endedAt) for (const day of draft.days.keys()) draft.performed.add(day + 1);
  const isRunning = !program.endedAt;
  const begin = isRunning && program.nextDay && h("button", { class: "button primary", type: "button", onclick: () => void run(start) }, t("programs-start", { number: program.nextDay }));
  const more = isRunning && added > 0 && h("button", { class: "button", type: "button", onclick: () => void run(extend) }, t("programs-extend", { count: added }));
  const effort = effortPart(program, exercises, change);
  const ending = isRunning && confirming({ label: t("programs-end"), question: t("programs-end-question"), yes: t("programs-end-yes"), no: t("programs-end-no"), isDanger: true }, () => run(end));
  const rule = isRunning && rulePart(program, exercises, unit, change);
  const offerToSave = () => {
    workIsUnsaved(byId("program"));
    save.hidden = false;
    for (const each of [begin, more, ending, effort, rule]) if (each) each.hidden = true; // they use the saved program, and show it again
  };
  const changed = () => {
    offerToSave();
    current.edits += 1;
  };
  const weeks = new Weeks(draft, exercises, unit, changed);
  const notes = isRunning && notesPart(draft, exercises, changed);
  for (const part of [weeks.element, notes]) if (part) part.addEventListener("input", ({ target }) => {
    current.edits += 1;
    if (!(target instanceof HTMLSelectElement)) workIsUnsaved(byId("program")); // reading a list changes nothing
  });
  const take = (now: Program, before: [Line, Line][]) => {
    revision = Math.min(now.revision, revision + 1); // a later change was made elsewhere
    weeks.refresh(draft.take(now, before));
    offerToSave();
  };
  const current = { id: program.programId, draft, edits: 0, take };
  shown = current;
  byId("program").replaceChildren(
    h("div", { class: "program-head" }, h("h2", { id: "program-title", tabindex: "-1" }, h("bdi", null, program.name)),
      h("div", { class: "buttons" }, save,
        begin,
        more,
        ending)),
    h("p", { class: "muted" }, GOALS[program.goal]),
    ...[effort, weeks.element, notes, rule, changesPart(program, exercises, unit)].filter(isPresent));
  byId("program").hidden = false;
}

async function run(act: () => Promise<void>) {
  clearProblem();
  try {
    await act();
  } catch (error) {
    showUnsaved(error);
  }
}

/** @param keeps whether the program that is shown stays, with what was typed */
async function show(keeps: (now: Program) => boolean = () => false) {
  try {
    await athlete(); // sign-in, where it is required
    const [{ items }, exercises, unit] = await Promise.all([request("/v1/programs"), allExercises(), units()]);
    loadOrOffer(template.load); // not at the same time: of two banners, the first would not be seen
    byId("programs").replaceChildren(...items.map(card));
    byId("programs").removeAttribute("aria-busy");
    byId("none").hidden = items.length > 0;
    const id = chosen();
    const listed = items.find((each: Program) => each.programId === id);
    if (listed && keeps(listed)) return;
    const hadFocus = byId("program").contains(document.activeElement);
    byId("program").hidden = true;
    workIsSaved(byId("program"));
    shown = null;
    if (id) showProgram(listed ?? await request(`/v1/programs/${encodeURIComponent(id)}`), exercises, unit);
    if (hadFocus) byId("program-title").focus({ preventScroll: true });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    byId("programs").removeAttribute("aria-busy");
    showProblem({ title: t("programs-not-loaded"), detail: error.detail, reference: error.reference }, { action: t("try-again"), onAction: () => { clearProblem(); void show(keeps); } });
  }
}

/** Let the form create programs. */
function prepareForm() {
  const form = byId<"form">("create");
  applyConstraints(form);
  byId("goal").replaceChildren(...Object.entries(GOALS).map(([value, name]) => h("option", { value }, name)));
  byId("equipment").append(...EQUIPMENT.map((value) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "equipment", value }), equipmentName(value))));
  let key = uniqueKey();
  form.addEventListener("input", () => { key = uniqueKey(); });
  watchWork(form);
  onSubmit(form, async () => {
    const equipment = [...form.querySelectorAll<HTMLInputElement>("input[name=equipment]:checked")].map(({ value }) => value);
    const start = await template.start(await units());
    const program = { name: byId<"input">("name").value, goal: byId<"select">("goal").value as Program["goal"], level: byId<"select">("level").value as Program["level"], equipment, weekCount: Number(byId<"input">("weeks").value), daysAWeek: Number(byId<"input">("days").value), ...start };
    const sent = key;
    let programId = "";
    await saveWork(form, async () => { ({ programId } = await send("POST", "/v1/programs", program, { "Idempotency-Key": sent })); });
    if (key === sent) { // otherwise the next program was typed meanwhile
      form.reset();
      template.reset();
      key = uniqueKey();
    }
    await show(() => true); // in the list, also if the program that is shown stays
    open(programId);
    announce(t("programs-created"));
  });
}

prepareForm();
addEventListener("popstate", navigated);
void show();
