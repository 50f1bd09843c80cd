/**
 * Figures of an organization, for analysts and administrators.
 * @module
 */

import "./texts.js";
import "../ui/site-header.js";
import { answer, athlete, Problem, request } from "../api/client.js";
import { oneAtATime } from "../exports/export-file.js";
import { todayIn } from "../i18n/calendar.js";
import { t } from "../i18n/l10n.js";
import { plan } from "../plans/plan-api.js";
import { isAnalyst } from "../stores/account.js";
import { announce, byId, h } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { Panel } from "../ui/panel.js";
import { retentionOf } from "./retention.js";
import { chartsOf, seriesOf } from "./series.js";
import { GROUPS, RANGES, searchOf, viewOf, wantedOf } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./series.js").Population} Population */

const GROUP_NAMES = { training: t("analytics-group-training"), enrollments: t("analytics-group-enrollments"), payments: t("analytics-group-payments"), recommendations: t("analytics-group-recommendations"), retention: t("analytics-group-retention") };
const RANGE_NAMES = { quarter: t("analytics-range-quarter"), half: t("analytics-range-half"), year: t("analytics-range-year"), years: t("analytics-range-years") };
const COUNTED = { training: t("analytics-counted-consent"), enrollments: t("analytics-counted-all"), payments: t("analytics-counted-all"), recommendations: t("analytics-counted-consent"), retention: t("analytics-counted-retention") };

const [group, range, body] = [byId("group"), byId("range"), byId("figures-body")];
const panel = new Panel(body, { title: t("analytics-not-loaded"), kept: t("analytics-safe"), left: t("analytics-panel-not-loaded") });

/** Charts that follow the page. @type {import("../health/trend-chart.js").TrendChart[]} */
let charts = [];

/** Figures by range, which all groups share. @type {Map<string, Promise<Population>>} */
const loaded = new Map();

/** @param {string} wanted */
function load(wanted) {
  const found = loaded.get(wanted) ?? request(`/v1/population${wanted}`);
  loaded.set(wanted, found);
  found.catch(() => loaded.delete(wanted));
  return found;
}

/** Titles of the plans; one that is not offered has none. @param {Population} population @returns {Promise<Map<string, string>>} */
async function titlesOf({ weeks }) {
  const ids = [...new Set(weeks.flatMap(({ plans }) => plans.map(({ planId }) => planId)))];
  const titles = await Promise.all(ids.map((id) => plan(id).then(({ offered, draft }) => (offered ?? draft)?.title ?? id, (error) => {
    if (error instanceof Problem && error.status === 404) return id;
    throw error;
  })));
  return new Map(ids.map((id, at) => [id, titles[at]]));
}

/** What the group shows, or why there is nothing. @param {View} view @param {Population} population @param {Map<string, string>} titles */
function draw({ group }, { weeks, cohorts }, titles) {
  for (const chart of charts) chart.remove();
  charts = [];
  const drawn = group === "retention"
    ? cohorts.length ? retentionOf(cohorts, t("analytics-table", { group: GROUP_NAMES.retention })) : null
    : partsOf(group, weeks, titles);
  if (!drawn) return [h("p", null, t("analytics-none")), h("p", { class: "muted" }, t("analytics-none-why"))];
  charts = drawn.charts;
  return drawn.parts;
}

/** @param {Exclude<View["group"], "retention">} group @param {Population["weeks"]} weeks @param {Map<string, string>} titles */
function partsOf(group, weeks, titles) {
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

/** @param {Partial<View>} change */
function go(change) {
  history.pushState(null, "", `${location.pathname}${searchOf({ ...viewOf(location.search), ...change })}`);
  void show();
}

/** Download the figures of the range by script, because a link cannot send the access token. */
async function download() {
  const response = await answer(`/v1/population/export${wantedOf(viewOf(location.search), todayIn("UTC"))}`);
  const url = URL.createObjectURL(await response.blob());
  h("a", { href: url, download: "kinelog-population.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // after the browser has started the download
  announce(t("analytics-downloaded"));
}

async function open() {
  await athlete(); // loads the user
  if (!isAnalyst()) throw new Problem({ title: t("analytics-not-allowed"), status: 403 });
  group.append(...GROUPS.map((each) => h("option", { value: each }, GROUP_NAMES[each])));
  range.append(...Object.keys(RANGES).map((each) => h("option", { value: each }, RANGE_NAMES[/** @type {View["range"]} */ (each)])));
  group.addEventListener("change", () => go({ group: group.value }));
  range.addEventListener("change", () => go({ range: range.value }));
  byId("download").addEventListener("click", () => void oneAtATime(byId("download"), download).catch(showError));
  addEventListener("popstate", () => void show());
  byId("figures").hidden = false;
  await show();
}

open().catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
