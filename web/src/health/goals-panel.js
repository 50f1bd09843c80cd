/**
 * Goals panel: goals with today's progress, and proposals that become goals.
 * @module
 */

import { answer, request, send } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { byInterest, figureText, healthPanel, metricName } from "./figures.js";

/** @typedef {import("../api/client.js").Schemas} Schemas */
/** @typedef {import("../i18n/units.js").Units} Units */

/** @param {string} metric */
const path = (metric) => `/v1/me/health/goals/${encodeURIComponent(metric)}`;

/** The panel #goals. */
export class GoalsPanel {
  constructor() {
    this.panel = healthPanel(byId("goals-body"));
    /** @type {Units} */
    this.units = "metric";
  }

  /** @param {{units: Units}} whose */
  show({ units }) {
    this.units = units;
    return this.panel.fill(async () => Promise.all([request("/v1/me/health/goals"), request("/v1/me/health/goal-proposals")]),
      ([goals, proposals]) => this.draw(goals.items, proposals.items));
  }

  /** Change a goal, then show all goals. @param {Promise<any>} change @param {string} done */
  async change(change, done) {
    try {
      await change;
      await this.show({ units: this.units });
      announce(done);
      byId("goals-title").focus();
    } catch (error) {
      showError(error, { kept: t("change-not-saved") });
    }
  }

  /** @param {Schemas["HealthGoal"][]} goals @param {Schemas["GoalProposal"][]} proposals */
  draw(goals, proposals) {
    const ordered = goals.toSorted((a, b) => byInterest(a.metric, b.metric));
    return [
      ordered.length > 0 && h("ul", { class: "health-goals" }, ordered.map((goal) => this.goal(goal))),
      !ordered.length && !proposals.length && h("p", { class: "muted" }, t("health-no-goals")),
      proposals.length > 0 && h("h3", null, t("health-proposals")),
      proposals.length > 0 && h("ul", { class: "health-goals" }, proposals.map((proposal) => this.proposal(proposal))),
    ];
  }

  /** @param {{target: number, unit: string, direction: string}} goal */
  target({ target, unit, direction }) {
    const figure = figureText(target, unit, this.units);
    return direction === "at_least" ? t("health-at-least", { figure }) : t("health-at-most", { figure });
  }

  /** @param {Schemas["HealthGoal"]} goal */
  goal(goal) {
    const name = metricName(goal.metric);
    const today = goal.figure === null ? t("health-goal-none") : t(goal.reached ? "health-goal-reached" : "health-goal-today", { figure: figureText(goal.figure, goal.unit, this.units) });
    const headers = { "Idempotency-Key": uniqueKey() };
    return h("li", null,
      h("div", null, h("b", null, name), h("p", null, this.target(goal)), h("p", { class: "muted" }, today, " ", goal.streak > 0 && t("health-streak", { days: goal.streak }))),
      h("button", { class: "button", type: "button", "aria-label": t("health-remove-goal", { metric: name }), onclick: () => void this.change(answer(path(goal.metric), { method: "DELETE", headers }), t("health-goal-removed")) }, t("health-remove")));
  }

  /** @param {Schemas["GoalProposal"]} proposal */
  proposal(proposal) {
    const name = metricName(proposal.metric);
    const { target, direction } = proposal;
    const headers = { "Idempotency-Key": uniqueKey() };
    return h("li", null,
      h("div", null, h("b", null, name), h("p", null, this.target(proposal)), h("p", { class: "muted" }, t("health-usually", { figure: figureText(proposal.usual, proposal.unit, this.units) }))),
      h("button", { class: "button", type: "button", "aria-label": t("health-take-goal", { metric: name }), onclick: () => void this.change(send("PUT", path(proposal.metric), { target, direction }, headers), t("health-goal-set")) }, t("health-set-goal")));
  }
}
