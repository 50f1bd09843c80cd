/**
 * Progress panel: the best sets of an exercise by session, and the trend of its form.
 * @module
 */

import "./texts.ts";
import { graphql, type Exercise } from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { day, length, number, percent, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { load, weight, type Units } from "../i18n/units.ts";
import { EXERCISE_HISTORY } from "../api/queries.ts";
import { behindToggle, table } from "../ui/data-table.ts";
import { capped } from "./exercises-panel.ts";
import { lineChart } from "./line-chart.ts";
import { Panel } from "./panel.ts";
import { sessionUrl, type Best, type View } from "./filters.ts";
import type { Result } from "../api/graphql.ts";
import type { Progress } from "./records-panel.ts";

/** Number of sessions in the chart, one page of the query. */
const MOST = 100;
/** The trend is shown as the change in four weeks. */
const TREND_MS = 28 * 86_400_000;
const WIDE = matchMedia("(min-width: 56.25em)");

type History = Result<typeof EXERCISE_HISTORY>;
type Performance = History["exerciseHistory"]["edges"][number]["node"];
/** `axis` is what is drawn. */
type Kind = {label: string, record: keyof Progress, of: (each: Performance) => number | null, text: (value: number, units: Units) => string, axis: (value: number, units: Units) => number, tick: (value: number) => string};

const KINDS: Record<Best, Kind> = {
  repetitions: { label: t("history-most-repetitions"), record: "mostRepetitions", of: (each) => each.mostRepetitions, text: (value) => t("count-repetitions", { count: value }), axis: (value) => value, tick: number },
  load: { label: t("history-heaviest-set"), record: "heaviestKg", of: (each) => each.heaviestKg, text: weight, axis: load, tick: number },
  hold: { label: t("history-longest-hold"), record: "longestHoldMs", of: (each) => each.longestHoldMs, text: (value) => length(value), axis: (value) => value / 1000, tick: (value) => t("length-s", { seconds: value }) },
  form: { label: t("history-best-set-form"), record: "bestForm", of: (each) => each.bestForm, text: percent, axis: (value) => 100 * value, tick: (value) => percent(value / 100) },
};

/** The panel #progress. */
export class ProgressPanel {
  panel: Panel;
  exercise: HTMLSelectElement;
  best: HTMLSelectElement;
  choice: HTMLElement;
  redraw: () => void;

  constructor(go: (change: Partial<View>) => void) {
    this.panel = new Panel(byId("progress-body"));
    this.exercise = h("select", { id: "exercise", onchange: () => go({ exercise: this.exercise.value, best: "" }) });
    this.best = h("select", { id: "best", onchange: () => go({ best: this.best.value as Best }) });
    this.choice = h("div", { class: "choices", hidden: true },
      h("label", { class: "field inline", for: "exercise" }, h("span", null, t("exercise")), this.exercise),
      h("label", { class: "field inline", for: "best" }, h("span", null, t("home-show")), this.best));
    byId("progress-head").append(this.choice);
    this.redraw = () => {};
    WIDE.addEventListener("change", () => this.redraw());
  }

  show(view: View, loadProgress: () => Promise<Progress[]>, context: {id: string, exercises: Map<string, Exercise>, units: Units}) {
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

  /** Fill the selectors. @returns the selected measure */
  offer(progress: Progress[], shown: Progress, view: View, { exercises }: {exercises: Map<string, Exercise>}): Best {
    this.exercise.replaceChildren(...progress.map(({ exerciseId }) => h("option", { value: exerciseId }, exercises.get(exerciseId)?.name ?? words(exerciseId))));
    this.exercise.value = shown.exerciseId;
    const kinds = Object.entries(KINDS).filter(([, { record }]) => shown[record] !== null);
    this.best.replaceChildren(...kinds.map(([id, { label }]) => h("option", { value: id }, label)));
    const best = kinds.some(([id]) => id === view.best) ? view.best : kinds[0]?.[0];
    this.best.value = best ?? "";
    return best as Best;
  }

  draw({ best, exerciseHistory, formTrend, sessions }: History & {best: Best, sessions: number}, { units }: {units: Units}) {
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

function trendText({ change, sessionsUsed: used, sessionsTotal: total }: {change: number | null, sessionsUsed: number, sessionsTotal: number}) {
  if (change === null) return h("p", { class: "trend-text" }, t("history-trend-needs"));
  const points = Math.abs(Math.round(1000 * change) / 10);
  const trend = change >= 0.0005 ? t("history-trend-better", { points }) : change <= -0.0005 ? t("history-trend-weaker", { points }) : t("history-trend-unchanged");
  return h("div", null, h("p", { class: "trend-text" }, h("b", null, trend), " ", t("history-trend-from", { count: used })), capped(used, total));
}
