/**
 * Goals panel: goals with today's progress, proposals that become goals, and a form for any other goal.
 * @module
 */

import { answer, request, send, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { t } from "../i18n/l10n.ts";
import { clearProblem } from "../ui/banner.ts";
import { checkDecimal, decimalField, decimalOf } from "../ui/decimal-field.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { onSubmit, showUnsaved } from "../ui/forms.ts";
import { byInterest, drawn, drawnUnit, figureText, healthPanel, metricName, stored, streakText } from "./figures.ts";
import type { Units } from "../i18n/units.ts";
import type { Panel } from "../ui/panel.ts";

type MetricType = Schemas["HealthMetricType"];

const path = (metric: string) => `/v1/me/health/goals/${encodeURIComponent(metric)}` as const;

/** The panel #goals. */
export class GoalsPanel {
  panel: Panel;
  units: Units;
  types: MetricType[];
  /** The form of an own goal: a change of another goal keeps what is typed. */
  own: HTMLElement | null = null;

  constructor() {
    this.panel = healthPanel(byId("goals-body"));
    this.units = "metric";
    this.types = [];
  }

  show({ units, types }: {units: Units, types: MetricType[]}) {
    if (units !== this.units) this.own = null;
    this.units = units;
    this.types = types.toSorted((a, b) => byInterest(a.metric, b.metric));
    return this.panel.fill(async () => Promise.all([request("/v1/me/health/goals"), request("/v1/me/health/goal-proposals")]),
      ([goals, proposals]) => this.draw(goals.items, proposals.items));
  }

  /** Change a goal, then show all goals. @param isOwn whether the form of an own goal was sent, which is empty then */
  async change(change: Promise<unknown>, done: string, isOwn = false) {
    clearProblem(); // of an earlier attempt
    try {
      await change;
      if (isOwn) this.own = null;
      await this.show(this);
      announce(done);
      byId("goals-title").focus();
    } catch (error) {
      showUnsaved(error);
    }
  }

  draw(goals: Schemas["HealthGoal"][], proposals: Schemas["GoalProposal"][]) {
    const ordered = goals.toSorted((a, b) => byInterest(a.metric, b.metric));
    return [
      ordered.length > 0 && h("ul", { class: "health-goals" }, ordered.map((goal) => this.goal(goal))),
      !ordered.length && !proposals.length && h("p", { class: "muted" }, t("health-no-goals")),
      proposals.length > 0 && h("h3", null, t("health-proposals")),
      proposals.length > 0 && h("ul", { class: "health-goals" }, proposals.map((proposal) => this.proposal(proposal))),
      this.own ??= this.form(),
    ];
  }

  /** A goal of one's own, for any metric. */
  form() {
    const metric = h("select", { id: "goal-metric" }, this.types.map((each) => h("option", { value: each.metric }, metricName(each.metric))));
    const direction = h("select", { id: "goal-direction" }, h("option", { value: "at_least" }, t("health-goal-at-least")), h("option", { value: "at_most" }, t("health-goal-at-most")));
    const target = decimalField({ id: "goal-target", required: true });
    const name = h("span", null);
    const fit = () => {
      const { low, high, unit } = this.types.find((each) => each.metric === metric.value) ?? this.types[0];
      const symbol = drawnUnit(unit, this.units);
      name.textContent = symbol ? t("health-goal-target-unit", { unit: symbol }) : t("health-goal-target");
      [target.min, target.max] = [low, high].map((value) => String(Math.round(drawn(value, unit, this.units))));
      checkDecimal(target);
      return unit;
    };
    metric.addEventListener("change", fit);
    fit();
    const form = h("form", { class: "own-goal", novalidate: true },
      h("label", { class: "field", for: "goal-metric" }, h("span", null, t("health-metric")), metric),
      h("label", { class: "field", for: "goal-direction" }, h("span", null, t("health-goal-direction")), direction),
      h("div", { class: "field" }, h("label", { for: "goal-target" }, name), target),
      h("button", { class: "button", type: "submit" }, t("health-set-own-goal")));
    const key = new RetryKey();
    onSubmit(form, () => {
      const goal = { target: stored(Number(decimalOf(target)), fit(), this.units), direction: direction.value as Schemas["SetHealthGoal"]["direction"] };
      return this.change(send("PUT", path(metric.value), goal, key.headers({ metric: metric.value, ...goal })), t("health-goal-set"), true);
    });
    return h("details", { class: "own-goal-part" }, h("summary", null, t("health-own-goal")), form);
  }

  target({ target, unit, direction }: {target: number, unit: string, direction: string}) {
    const figure = figureText(target, unit, this.units);
    return direction === "at_least" ? t("health-at-least", { figure }) : t("health-at-most", { figure });
  }

  goal(goal: Schemas["HealthGoal"]) {
    const name = metricName(goal.metric);
    const today = goal.figure === null ? t("health-goal-none") : t(goal.reached ? "health-goal-reached" : "health-goal-today", { figure: figureText(goal.figure, goal.unit, this.units) });
    const headers = { "Idempotency-Key": uniqueKey() };
    return h("li", null,
      h("div", null, h("b", null, name), h("p", null, this.target(goal)), h("p", { class: "muted" }, today, " ", goal.streak > 0 && streakText(goal.streak))),
      h("button", { class: "button", type: "button", "aria-label": t("health-remove-goal", { metric: name }), onclick: () => void this.change(answer(path(goal.metric), { method: "DELETE", headers }), t("health-goal-removed")) }, t("health-remove")));
  }

  proposal(proposal: Schemas["GoalProposal"]) {
    const name = metricName(proposal.metric);
    const { target, direction } = proposal;
    const headers = { "Idempotency-Key": uniqueKey() };
    return h("li", null,
      h("div", null, h("b", null, name), h("p", null, this.target(proposal)), h("p", { class: "muted" }, t("health-usually", { figure: figureText(proposal.usual, proposal.unit, this.units) }))),
      h("button", { class: "button", type: "button", "aria-label": t("health-take-goal", { metric: name }), onclick: () => void this.change(send("PUT", path(proposal.metric), { target, direction }, headers), t("health-goal-set")) }, t("health-set-goal")));
  }
}
