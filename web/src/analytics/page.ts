/**
 * Figures of an organization, for analysts and administrators.
 * @module
 */

import "./texts.ts";
import "../ui/site-header.ts";
import { answer, athlete, Problem, received, request } from "../api/client.ts";
import { oneAtATime } from "../exports/export-file.ts";
import { todayIn } from "../i18n/calendar.ts";
import { t } from "../i18n/l10n.ts";
import { plan } from "../plans/plan-api.ts";
import { isAnalyst } from "../stores/account.ts";
import { announce, byId, h } from "../ui/dom.ts";
import { offerReload, showError } from "../ui/forms.ts";
import { Panel } from "../ui/panel.ts";
import { saveFile } from "../ui/save-file.ts";
import { retentionOf } from "./retention.ts";
import { chartsOf, seriesOf, type Population } from "./series.ts";
import { GROUPS, RANGES, searchOf, viewOf, wantedOf, type View } from "./view.ts";
import type { TrendChart } from "../health/trend-chart.ts";

const GROUP_NAMES = { training: t("analytics-group-training"), enrollments: t("analytics-group-enrollments"), payments: t("analytics-group-payments"), recommendations: t("analytics-group-recommendations"), retention: t("analytics-group-retention") };
const RANGE_NAMES = { quarter: t("analytics-range-quarter"), half: t("analytics-range-half"), year: t("analytics-range-year"), years: t("analytics-range-years") };
const COUNTED = { training: t("analytics-counted-consent"), enrollments: t("analytics-counted-all"), payments: t("analytics-counted-all"), recommendations: t("analytics-counted-consent"), retention: t("analytics-counted-retention") };

const [group, range, body] = [byId<"select">("group"), byId<"select">("range"), byId("figures-body")];
const panel = new Panel(body, { title: t("analytics-not-loaded"), kept: t("analytics-safe"), left: t("analytics-panel-not-loaded") });

/** Charts that follow the page. */
let charts: TrendChart[] = [];

/** Figures by range, which all groups share. */
const loaded: Map<string, Promise<Population>> = new Map();

function load(wanted: `?${string}` | "") {
  const found = loaded.get(wanted) ?? request(`/v1/population${wanted}`);
  loaded.set(wanted, found);
  found.catch(() => loaded.delete(wanted));
  return found;
}

/** Titles of the plans; one that is not offered has none. */
async function titlesOf({ weeks }: Population): Promise<Map<string, string>> {
  const ids = [...new Set(weeks.flatMap(({ plans }) => plans.map(({ planId }) => planId)))];
  const titles = await Promise.all(ids.map((id) => plan(id).then(({ offered, draft }) => (offered ?? draft)?.title ?? id, (error) => {
    if (error instanceof Problem && error.status === 404) return id;
    throw error;
  })));
  return new Map(ids.map((id, at) => [id, titles[at]]));
}

/** What the group shows, or why there is nothing. */
function draw({ group }: View, { weeks, cohorts }: Population, titles: Map<string, string>) {
  for (const chart of charts) chart.remove();
  charts = [];
  const drawn = group === "retention"
    ? cohorts.length ? retentionOf(cohorts, t("analytics-table", { group: GROUP_NAMES.retention })) : null
    : partsOf(group, weeks, titles);
  if (!drawn) return [h("p", null, t("analytics-none")), h("p", { class: "muted" }, t("analytics-none-why"))];
  charts = drawn.charts;
  return drawn.parts;
}

function partsOf(group: Exclude<View["group"], "retention">, weeks: Population["weeks"], titles: Map<string, string>) {
  const series = seriesOf(group, weeks, titles);
  const isEmpty = !weeks.some((week) => series.some(({ of }) => typeof of(week) === "number"));
  return isEmpty ? null : chartsOf(series, weeks, t("analytics-table", { group: GROUP_NAMES[group] }));
}

/** Show the view in the address. */
function show() {
  const view = viewOf(location.search);
  group.value = view.group;
  range.value = view.range;
  byId("figures-title").textContent = GROUP_NAMES[view.group];
  byId("counted").textContent = COUNTED[view.group];
  return panel.fill(async () => {
    const population = await load(wantedOf(view, todayIn("UTC")));
    return { population, titles: view.group === "enrollments" ? await titlesOf(population) : new Map() };
  }, ({ population, titles }) => draw(view, population, titles));
}

function go(change: Partial<View>) {
  history.pushState(null, "", `${location.pathname}${searchOf({ ...viewOf(location.search), ...change })}`);
  void show();
}

/** Download the figures of the range by script, because a link cannot send the access token. */
async function download() {
  const response = await answer(`/v1/population/export${wantedOf(viewOf(location.search), todayIn("UTC"))}`);
  saveFile(await received(response.blob()), "kinelog-population.csv");
  announce(t("analytics-downloaded"));
}

async function open() {
  await athlete(); // loads the user
  if (!isAnalyst()) throw new Problem({ title: t("analytics-not-allowed"), status: 403 });
  group.append(...GROUPS.map((each) => h("option", { value: each }, GROUP_NAMES[each])));
  range.append(...Object.keys(RANGES).map((each) => h("option", { value: each }, RANGE_NAMES[each as View["range"]])));
  group.addEventListener("change", () => go({ group: group.value as View["group"] }));
  range.addEventListener("change", () => go({ range: range.value as View["range"] }));
  byId("download").addEventListener("click", () => void oneAtATime(byId<"button">("download"), download).catch(showError));
  addEventListener("popstate", () => void show());
  byId("figures").hidden = false;
  await show();
}

open().catch(offerReload);
