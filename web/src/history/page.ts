/**
 * History page: totals, days, exercises, progress, records and achievements.
 * @module
 */

import "./texts.ts";
import "./achievement-list.ts";
import "../ui/site-header.ts";

import * as api from "../api/client.ts";
import { trainable } from "../api/custom-exercises.ts";
import { showProblem } from "../ui/banner.ts";
import { todayIn, trainingDay } from "../i18n/calendar.ts";
import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";
import { DaysPanel } from "./days-panel.ts";
import { ExercisesPanel } from "./exercises-panel.ts";
import { ProgressPanel } from "./progress-panel.ts";
import { progressIn, RecordsPanel, type Progress } from "./records-panel.ts";
import { TotalsPanel } from "./totals-panel.ts";
import { formatSearch, viewOf, type View } from "./filters.ts";
import { person, units } from "../i18n/units.ts";

/** URL parameters that each panel depends on. */
const SHOWN: Record<string, (keyof View)[]> = { totals: ["period", "until", "measure"], days: ["year"], exercises: ["period", "until"], progress: ["exercise", "best"], records: [] };

const panels = { totals: new TotalsPanel(go), days: new DaysPanel(go), exercises: new ExercisesPanel(), progress: new ProgressPanel(go), records: new RecordsPanel() };

/** The filters that are shown; null at first. */
let shown: View | null = null;
type Context = Awaited<ReturnType<typeof person>> & {units: Awaited<ReturnType<typeof units>>, exercises: Map<string, api.Exercise>};
let contextOnce: Promise<Context> | null = null;
let progress: Promise<Progress[]> | null = null;

/** Load the athlete, units and exercises, once. */
function loadContext() {
  contextOnce ??= Promise.all([person(), units(), trainable()]).then(
    ([who, chosen, exercises]) => ({ ...who, units: chosen, exercises }),
    (error) => { contextOnce = null; throw error; });
  return contextOnce;
}

/** Load the progress that two panels share, once. */
function progressOf(who: {id: string, exercises: Map<string, api.Exercise>}) {
  progress ??= progressIn(who.id, [...who.exercises.keys()]).catch((error) => { progress = null; throw error; });
  return progress;
}

/** Change the filters and show the result. */
function go(change: Partial<View>) {
  const view = { ...viewOf(location.search), ...change };
  history.pushState(null, "", `${location.pathname}${formatSearch(view)}`);
  void show();
}

/** Show the filters in the URL; panels that do not change are left alone. */
async function show() {
  const view = viewOf(location.search);
  try {
    const context = await loadContext(), isOwn = context.signedIn === null || context.signedIn === context.id;
    const who = { ...context, today: isOwn ? trainingDay(context.zone) : todayIn(context.zone), streakDay: todayIn(isOwn ? undefined : context.zone) }; // own sessions count for the day on this device
    byId("zone").textContent = t("history-zone", { zone: who.zone.replaceAll("_", " ") });
    const before = shown;
    const isNew = (name: string) => before === null || SHOWN[name].some((word) => view[word] !== before[word]);
    shown = view;
    if (isNew("totals")) void panels.totals.show(view, who);
    if (isNew("days")) void panels.days.show(view, who);
    if (isNew("exercises")) void panels.exercises.show(view, who);
    if (isNew("progress")) void panels.progress.show(view, () => progressOf(who), who);
    if (isNew("records")) void panels.records.show(() => progressOf(who), who);
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    if (shown === null) for (const { panel } of Object.values(panels)) panel.body.setAttribute("aria-busy", "false");
    showProblem({ title: t("history-not-loaded"), detail: error.message, reference: error.reference }, {
      kept: t("sessions-safe"), action: t("try-again"), onAction: () => void show(),
    });
  }
}

addEventListener("popstate", () => void show());
void show();
