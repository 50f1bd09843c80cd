/**
 * How somebody's training developed: totals, days, exercises, records and progress, by one address.
 * @module
 */

import "./achievement-list.js";
import "../ui/site-header.js";

import * as api from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { todayIn } from "../i18n/calendar.js";
import { byId } from "../ui/dom.js";
import { DaysPanel } from "./days-panel.js";
import { ExercisesPanel } from "./exercises-panel.js";
import { ProgressPanel } from "./progress-panel.js";
import { progressIn, RecordsPanel } from "./records-panel.js";
import { TotalsPanel } from "./totals-panel.js";
import { searchOf, viewOf } from "./filters.js";
import { person, units } from "../i18n/units.js";

/** @typedef {import("./filters.js").View} View */

/** Which panels show what of the address. @type {Record<string, (keyof View)[]>} */
const SHOWN = { totals: ["period", "until", "measure"], days: ["year"], exercises: ["period", "until"], progress: ["exercise", "best"], records: [] };

const panels = { totals: new TotalsPanel(go), days: new DaysPanel(go), exercises: new ExercisesPanel(), progress: new ProgressPanel(go), records: new RecordsPanel() };

/** What is shown; null before anything is. @type {View | null} */
let shown = null;
/** @type {Promise<any> | null} */
let whose = null;
/** @type {Promise<import("./records-panel.js").Progress[]> | null} */
let progress = null;

/** Whose history it is, by their clock and in their units; asked once. */
function known() {
  whose ??= Promise.all([person(), units(), api.exercises()]).then(
    ([who, chosen, exercises]) => ({ ...who, units: chosen, exercises }),
    (error) => { whose = null; throw error; });
  return whose;
}

/** What two panels rest on is asked once. @param {{id: string, exercises: Map<string, api.Exercise>}} who */
function progressOf(who) {
  progress ??= progressIn(who.id, [...who.exercises.keys()]).catch((error) => { progress = null; throw error; });
  return progress;
}

/** Go to another address of the history, and show it. @param {Partial<View>} change */
function go(change) {
  const view = { ...viewOf(location.search), ...change };
  history.pushState(null, "", `${location.pathname}${searchOf(view)}`);
  void show();
}

/** Show what the address says; panels that show the same already are left as they are. */
async function show() {
  const view = viewOf(location.search);
  try {
    const who = await known().then((told) => ({ ...told, today: todayIn(told.zone) }));
    byId("zone").textContent = `Today is as in ${who.zone.replaceAll("_", " ")}; each session counts for the day on which it began where you were.`;
    const before = shown;
    const isNew = (/** @type {string} */ name) => before === null || SHOWN[name].some((word) => view[word] !== before[word]);
    shown = view;
    if (isNew("totals")) void panels.totals.show(view, who);
    if (isNew("days")) void panels.days.show(view, who);
    if (isNew("exercises")) void panels.exercises.show(view, who);
    if (isNew("progress")) void panels.progress.show(view, () => progressOf(who), who);
    if (isNew("records")) void panels.records.show(() => progressOf(who), who);
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    showProblem({ title: "Your history could not be loaded.", detail: error.message, reference: error.reference }, {
      kept: "Your sessions are safe; only this page could not read them.", action: "Try again", onAction: () => void show(),
    });
  }
}

addEventListener("popstate", () => void show());
void show();
