/**
 * History page: totals, days, exercises, progress, records and achievements.
 * @module
 */

import "./texts.js";
import "./achievement-list.js";
import "../ui/site-header.js";

import * as api from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { todayIn } from "../i18n/calendar.js";
import { t } from "../i18n/l10n.js";
import { byId } from "../ui/dom.js";
import { DaysPanel } from "./days-panel.js";
import { ExercisesPanel } from "./exercises-panel.js";
import { ProgressPanel } from "./progress-panel.js";
import { progressIn, RecordsPanel } from "./records-panel.js";
import { TotalsPanel } from "./totals-panel.js";
import { formatSearch, viewOf } from "./filters.js";
import { person, units } from "../i18n/units.js";

/** @typedef {import("./filters.js").View} View */

/** URL parameters that each panel depends on. @type {Record<string, (keyof View)[]>} */
const SHOWN = { totals: ["period", "until", "measure"], days: ["year"], exercises: ["period", "until"], progress: ["exercise", "best"], records: [] };

const panels = { totals: new TotalsPanel(go), days: new DaysPanel(go), exercises: new ExercisesPanel(), progress: new ProgressPanel(go), records: new RecordsPanel() };

/** The filters that are shown; null at first. @type {View | null} */
let shown = null;
/** @type {Promise<any> | null} */
let contextOnce = null;
/** @type {Promise<import("./records-panel.js").Progress[]> | null} */
let progress = null;

/** Load the athlete, units and exercises, once. */
function loadContext() {
  contextOnce ??= Promise.all([person(), units(), api.exercises()]).then(
    ([who, chosen, exercises]) => ({ ...who, units: chosen, exercises }),
    (error) => { contextOnce = null; throw error; });
  return contextOnce;
}

/** Load the progress that two panels share, once. @param {{id: string, exercises: Map<string, api.Exercise>}} who */
function progressOf(who) {
  progress ??= progressIn(who.id, [...who.exercises.keys()]).catch((error) => { progress = null; throw error; });
  return progress;
}

/** Change the filters and show the result. @param {Partial<View>} change */
function go(change) {
  const view = { ...viewOf(location.search), ...change };
  history.pushState(null, "", `${location.pathname}${formatSearch(view)}`);
  void show();
}

/** Show the filters in the URL; panels that do not change are left alone. */
async function show() {
  const view = viewOf(location.search);
  try {
    const who = await loadContext().then((context) => ({ ...context, today: todayIn(context.zone) }));
    byId("zone").textContent = t("history-zone", { zone: who.zone.replaceAll("_", " ") });
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
    showProblem({ title: t("history-not-loaded"), detail: error.message, reference: error.reference }, {
      kept: t("sessions-safe"), action: t("try-again"), onAction: () => void show(),
    });
  }
}

addEventListener("popstate", () => void show());
void show();
