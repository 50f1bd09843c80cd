/**
 * Recovery panel: training of the last weeks, and signals of recovery beside what is usual.
 * @module
 */

import { decimal, energy, length } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { sideways, table } from "../ui/data-table.js";
import { byId, h } from "../ui/dom.js";
import { figureText, healthPanel, metricName } from "./figures.js";

/** @typedef {import("../api/client.js").Schemas} Schemas */
/** @typedef {import("../i18n/units.js").Units} Units */

const LOADS = { more: t("health-load-more"), usual: t("health-load-usual"), less: t("health-load-less"), unknown: t("health-load-unknown") };
const STATES = { better: t("health-better"), usual: t("health-as-usual"), worse: t("health-worse"), unknown: t("health-too-few") };

/** The panel #recovery. */
export class RecoveryPanel {
  constructor() {
    this.panel = healthPanel(byId("recovery-body"));
  }

  /** @param {() => Promise<Schemas["HealthSummary"]>} ask @param {{units: Units}} whose */
  show(ask, { units }) {
    return this.panel.fill(ask, ({ stats }) => this.draw(stats, units));
  }

  /** @param {Schemas["HealthStats"]} stats @param {Units} units */
  draw({ sessions, minutes, energyKcal, trainingDays, load, recovery }, units) {
    const fact = (/** @type {string} */ name, /** @type {string} */ value) => h("div", null, h("dt", null, name), h("dd", null, value));
    const figure = (/** @type {number | null} */ value, /** @type {string} */ unit) => (value === null ? "–" : figureText(value, unit, units));
    const rows = recovery.map((signal) => [metricName(signal.metric), figure(signal.week, signal.unit), figure(signal.usual, signal.unit), STATES[signal.state]]);
    return [
      h("p", { class: "muted" }, t("health-four-weeks")),
      h("dl", { class: "totals-now" }, fact(t("health-sessions"), decimal(sessions, 0)), fact(t("health-training-days"), decimal(trainingDays, 0)), fact(t("time"), length(60_000 * minutes)), fact(t("energy"), energy(energyKcal))),
      h("p", null, h("b", null, LOADS[load.state]), " ", load.usualMinutes === null ? "" : t("health-load-minutes", { week: length(60_000 * load.minutes), usual: length(60_000 * load.usualMinutes) })),
      sideways(t("health-recovery-table"), table(t("health-recovery-table"), [t("health-metric"), t("health-this-week"), t("health-usual"), t("health-compared")], rows)),
      h("p", { class: "hint" }, t("health-no-prediction")),
    ];
  }
}
