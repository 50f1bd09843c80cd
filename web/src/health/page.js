/**
 * Health page: a day, trends, recovery, goals, sources and linked clouds.
 * @module
 */

import "./texts.js";
import "../ui/site-header.js";

import * as api from "../api/client.js";
import { todayIn } from "../i18n/calendar.js";
import { t } from "../i18n/l10n.js";
import { person, units } from "../i18n/units.js";
import { showProblem } from "../ui/banner.js";
import { CloudsPanel, showLinkResult } from "./clouds-panel.js";
import { DayPanel } from "./day-panel.js";
import { showDeletion } from "./deletion.js";
import { showImport } from "./file-import.js";
import { GoalsPanel } from "./goals-panel.js";
import { showProfileDeletion } from "./profile-deletion.js";
import { RecoveryPanel } from "./recovery-panel.js";
import { SourcesPanel } from "./sources-panel.js";
import { TrendPanel } from "./trend-panel.js";
import { searchOf, viewOf } from "./view.js";

/** @typedef {import("./view.js").View} View */

/** URL parameters that each panel depends on. @type {Record<string, (keyof View)[]>} */
const SHOWN = { day: ["day", "metric", "range"], trend: ["metric", "range"], recovery: ["day"], goals: [], sources: [], clouds: [] };

const panels = { day: new DayPanel(go), trend: new TrendPanel(go), recovery: new RecoveryPanel(), goals: new GoalsPanel(), sources: new SourcesPanel(), clouds: new CloudsPanel(reload) };

/** The view that is shown; null at first. @type {View | null} */
let shown = null;
/** @type {Promise<any> | null} */
let whose = null;
/** Summaries by day, which two panels share. @type {Map<string, Promise<api.Schemas["HealthSummary"]>>} */
const summaries = new Map();

/** Load the zone, units and sources, once. */
function loadContext() {
  whose ??= Promise.all([person(), units(), api.request("/v1/me/health/sources"), api.request("/v1/health-metric-types")]).then(
    ([who, chosen, { items }, types]) => {
      /** @type {string[]} */
      const shared = items.flatMap((/** @type {api.Schemas["HealthSource"]} */ { metrics }) => metrics);
      const all = types.items.map((/** @type {{metric: string}} */ { metric }) => metric);
      return { ...who, units: chosen, sources: items, types: types.items, every: all, metrics: shared.length ? [...new Set(shared)] : all };
    },
    (error) => { whose = null; throw error; });
  return whose;
}

/** @param {string} day */
function summaryOf(day) {
  const found = summaries.get(day) ?? api.request(`/v1/me/health/summary?day=${day}`);
  summaries.set(day, found);
  found.catch(() => summaries.delete(day));
  return found;
}

/** Change the view and show it. @param {Partial<View>} change */
function go(change) {
  const view = { ...viewOf(location.search), ...change };
  history.pushState(null, "", `${location.pathname}${searchOf(view)}`);
  void show();
}

/** Show the view in the URL; panels that do not change are left alone. @param {boolean} [everything] also those */
async function show(everything = false) {
  const view = viewOf(location.search);
  try {
    const who = await loadContext().then((context) => ({ ...context, today: todayIn(context.zone) }));
    const before = shown;
    const isNew = (/** @type {string} */ name) => everything || before === null || SHOWN[name].some((word) => view[word] !== before[word]);
    shown = view;
    if (isNew("day")) void panels.day.show(view, summaryOf, who);
    if (isNew("trend")) void panels.trend.show(view, who);
    if (isNew("recovery")) void panels.recovery.show(view.day || who.today, () => summaryOf(view.day || who.today), who);
    if (isNew("goals")) void panels.goals.show(who);
    if (isNew("sources")) void panels.sources.show(async () => who.sources);
    if (isNew("clouds")) void panels.clouds.show();
    if (before === null) {
      showImport(who, reload);
      showDeletion(who.metrics, reload);
      showProfileDeletion();
    }
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    showProblem({ title: t("health-not-loaded"), detail: error.message, reference: error.reference }, {
      kept: t("health-safe"), action: t("try-again"), onAction: () => void show(everything),
    });
  }
}

/** Show all panels as they are after a change. */
function reload() {
  whose = null;
  summaries.clear();
  void show(true);
}

showLinkResult();
addEventListener("popstate", () => void show());
void show();
