/**
 * Progress panel: the best sets of an exercise by session, and the trend of its form.
 * @module
 */

import "./texts.js";
import { graphql } from "../api/client.js";
import { byId, h } from "../ui/dom.js";
import { day, decimal, length, number, percent, words } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { load, weight } from "../i18n/units.js";
import { EXERCISE_HISTORY } from "../api/queries.js";
import { behindToggle, table } from "../ui/data-table.js";
import { capped } from "./exercises-panel.js";
import { lineChart } from "./line-chart.js";
import { Panel } from "./panel.js";
import { sessionUrl } from "./filters.js";

/** Number of sessions in the chart, one page of the query. */
const MOST = 100;
/** The trend is shown as the change in four weeks. */
const TREND_MS = 28 * 86_400_000;
const WIDE = matchMedia("(min-width: 56.25em)");

/** @typedef {import("../i18n/units.js").Units} Units */
/** @typedef {import("../api/graphql.js").Result<typeof EXERCISE_HISTORY>} History */
/** @typedef {History["exerciseHistory"]["edges"][number]["node"]} Performance */
/** @typedef {import("./records-panel.js").Progress} Progress */
/** @typedef {import("./filters.js").Best} Best */
/** @typedef {{label: string, record: keyof Progress, of: (each: Performance) => number | null, text: (value: number, units: Units) => string, axis: (value: number, units: Units) => number, tick: (value: number) => string}} Kind `axis` is what is drawn. */

/** @type {Record<import("./filters.js").Best, Kind>} */
const KINDS = {
  repetitions: { label: t("history-most-repetitions"), record: "mostRepetitions", of: (each) => each.mostRepetitions, text: (value) => t("count-repetitions", { count: value }), axis: (value) => value, tick: number },
  load: { label: t("history-heaviest-set"), record: "heaviestKg", of: (each) => each.heaviestKg, text: weight, axis: load, tick: number },
  hold: { label: t("history-longest-hold"), record: "longestHoldMs", of: (each) => each.longestHoldMs, text: (value) => length(value), axis: (value) => value / 1000, tick: (value) => t("length-s", { seconds: value }) },
  form: { label: t("history-best-set-form"), record: "bestForm", of: (each) => each.bestForm, text: percent, axis: (value) => 100 * value, tick: (value) => percent(value / 100) },
};

/** The panel #progress. */
export class ProgressPanel {
  /** @param {(change: Partial<import("./filters.js").View>) => void} go */
  constructor(go) {
    this.panel = new Panel(byId("progress-body"));
    this.exercise = h("select", { id: "exercise", onchange: () => go({ exercise: this.exercise.value, best: "" }) });
    this.best = h("select", { id: "best", onchange: () => go({ best: this.best.value }) });
    this.choice = h("div", { class: "choices", hidden: true },
      h("label", { class: "field inline", for: "exercise" }, h("span", null, t("exercise")), this.exercise),
      h("label", { class: "field inline", for: "best" }, h("span", null, t("home-show")), this.best));
    byId("progress-head").append(this.choice);
    this.redraw = () => {};
    WIDE.addEventListener("change", () => this.redraw());
  }

  /** @param {import("./filters.js").View} view @param {() => Promise<import("./records-panel.js").Progress[]>} loadProgress @param {any} context */
  show(view, loadProgress, context) {
    return this.panel.fill(async () => {
      const progress = await loadProgress();
      const shown = progress.find((each) => each.exerciseId === view.exercise) ?? progress[0];
      if (!shown) return null;
      const best = this.offer(progress, shown, view, context);
      return { best, ...(await graphql(EXERCISE_HISTORY, { athlete: context.id, exercise: shown.exerciseId, first: MOST })), sessions: shown.sessions };
    }, (result) => {
      this.choice.hidden = result === null;
      return result ? this.draw(result, context) : [h("p", { class: "muted" }, t("history-no-progress"))];
    });
  }

  /** Fill the selectors. @param {Progress[]} progress @param {Progress} shown @param {import("./filters.js").View} view @param {any} context @returns {Best} the selected measure */
  offer(progress, shown, view, { exercises }) {
    this.exercise.replaceChildren(...progress.map(({ exerciseId }) => h("option", { value: exerciseId }, exercises.get(exerciseId)?.name ?? words(exerciseId))));
    this.exercise.value = shown.exerciseId;
    const kinds = Object.entries(KINDS).filter(([, { record }]) => shown[record] !== null);
    this.best.replaceChildren(...kinds.map(([id, { label }]) => h("option", { value: id }, label)));
    const best = kinds.some(([id]) => id === view.best) ? view.best : kinds[0]?.[0];
    this.best.value = best ?? "";
    return /** @type {import("./filters.js").Best} */ (best);
  }

  /** @param {History & {best: Best, sessions: number}} result @param {{units: Units}} context */
  draw({ best, exerciseHistory, formTrend, sessions }, { units }) {
    const kind = KINDS[best];
    if (!kind) return [h("p", { class: "muted" }, t("history-nothing-counted"))];
    const all = exerciseHistory.edges.map(({ node }) => node).reverse();
    const points = all.flatMap((each) => {
      const value = kind.of(each);
      return value === null ? [] : [{ time: Date.parse(each.at), value: kind.axis(value, units), href: sessionUrl(each.sessionId), text: kind.text(value, units), day: day(each.at) }];
    });
    const named = points.map((point) => ({ ...point, name: `${point.day}: ${point.text}` }));
    const slope = best === "form" && formTrend.change !== null ? (100 * formTrend.change) / TREND_MS : null;
    const place = h("div", { class: "chart" });
    this.redraw = () => place.replaceChildren(points.length ? lineChart(named, { name: kind.label, tick: kind.tick, day, slope, ...(WIDE.matches ? { width: 1000, height: 260 } : { width: 340, height: 200 }) })
      : h("p", { class: "muted" }, t("history-no-such-value")));
    this.redraw();
    const rows = named.toReversed().map(({ day, text, href }) => [day, h("a", { href }, text)]);
    return [capped(all.length, sessions), place, best === "form" && trendText(formTrend),
      h("div", { class: "panel-foot" }, behindToggle(t("history-progress-table"), table(t("newest-first"), [t("period-day"), kind.label], rows)))];
  }
}

/** @param {{change: number | null, sessionsUsed: number, sessionsTotal: number}} trend */
function trendText({ change, sessionsUsed: used, sessionsTotal: total }) {
  if (change === null) return h("p", { class: "trend-text" }, t("history-trend-needs"));
  const points = decimal(Math.abs(Math.round(1000 * change) / 10), 0, 1);
  const trend = change >= 0.0005 ? t("history-trend-better", { points }) : change <= -0.0005 ? t("history-trend-weaker", { points }) : t("history-trend-unchanged");
  return h("div", null, h("p", { class: "trend-text" }, h("b", null, trend), " ", t("history-trend-from", { count: used })), capped(used, total));
}
