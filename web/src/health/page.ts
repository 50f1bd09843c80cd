/**
 * Health page: a day, trends, recovery, goals, sources and linked clouds.
 * @module
 */

import "./texts.ts";
import "../ui/site-header.ts";

import * as api from "../api/client.ts";
import { todayIn } from "../i18n/calendar.ts";
import { t } from "../i18n/l10n.ts";
import { person, units } from "../i18n/units.ts";
import { showProblem } from "../ui/banner.ts";
import { byId } from "../ui/dom.ts";
import { CloudsPanel, showLinkResult } from "./clouds-panel.ts";
import { DayPanel } from "./day-panel.ts";
import { showDeletion } from "./deletion.ts";
import { showImport } from "./file-import.ts";
import { GoalsPanel } from "./goals-panel.ts";
import { showProfileDeletion } from "./profile-deletion.ts";
import { RecoveryPanel } from "./recovery-panel.ts";
import { SourcesPanel } from "./sources-panel.ts";
import { TrendPanel } from "./trend-panel.ts";
import { searchOf, viewOf, type View } from "./view.ts";

/** URL parameters that each panel depends on. */
const SHOWN: Record<string, (keyof View)[]> = { day: ["day", "metric", "range"], trend: ["metric", "range"], recovery: ["day"], goals: [], sources: [], clouds: [] };

const panels = { day: new DayPanel(go), trend: new TrendPanel(go), recovery: new RecoveryPanel(), goals: new GoalsPanel(), sources: new SourcesPanel(), clouds: new CloudsPanel(reload) };

/** The view that is shown; null at first. */
let shown: View | null = null;
let whose: ReturnType<typeof readContext> | null = null;
/** Summaries by day, which two panels share. */
const summaries: Map<string, Promise<api.Schemas["HealthSummary"]>> = new Map();

/** Load the zone, units and sources, once. */
function loadContext() {
  whose ??= readContext().catch((error) => { whose = null; throw error; });
  return whose;
}

async function readContext() {
  const [who, chosen, { items }, types] = await Promise.all([person(), units(), api.request("/v1/me/health/sources"), api.request("/v1/health-metric-types")]);
  const shared = items.flatMap(({ metrics }) => metrics);
  const all = types.items.map(({ metric }) => metric);
  return { ...who, units: chosen, sources: items, types: types.items, every: all, metrics: shared.length ? [...new Set(shared)] : all };
}

function summaryOf(day: string) {
  const found = summaries.get(day) ?? api.request(`/v1/me/health/summary?day=${day}`);
  summaries.set(day, found);
  found.catch(() => summaries.delete(day));
  return found;
}

/** Change the view and show it. */
function go(change: Partial<View>) {
  const view = { ...viewOf(location.search), ...change };
  history.pushState(null, "", `${location.pathname}${searchOf(view)}`);
  void show();
}

/** Show the view in the URL; panels that do not change are left alone. @param everything also those */
async function show(everything = false) {
  try {
    const who = await loadContext().then((context) => ({ ...context, today: todayIn(context.zone) }));
    const view = viewOf(location.search); // as it is now: it may have changed while the context was loaded
    const before = shown;
    const isNew = (name: string) => everything || before === null || SHOWN[name].some((word) => view[word] !== before[word]);
    shown = view;
    const above = [
      isNew("day") && panels.day.show(view, summaryOf, who),
      isNew("trend") && panels.trend.show(view, who),
      isNew("recovery") && panels.recovery.show(view.day || who.today, () => summaryOf(view.day || who.today), who),
    ];
    if (isNew("goals")) void panels.goals.show(who);
    if (isNew("sources")) void panels.sources.show(async () => who.sources);
    if (isNew("clouds")) void panels.clouds.show();
    if (before === null) {
      showImport(who, reload);
      showDeletion(who.metrics, reload);
      showProfileDeletion();
    }
    await Promise.all(above);
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    if (shown === null) for (const { panel } of Object.values(panels)) panel.body.setAttribute("aria-busy", "false");
    showProblem({ title: t("health-not-loaded"), detail: error.message, reference: error.reference }, {
      kept: t("health-safe"), action: t("try-again"), onAction: () => void show(everything),
    });
  } finally {
    byId("panels").removeAttribute("aria-busy");
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
