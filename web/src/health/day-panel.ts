/**
 * Day panel: figures, workouts and heart-rate zones of one day.
 * @module
 */

import { addDays } from "../i18n/calendar.ts";
import { calendarDay, decimal, energy, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { table } from "../ui/data-table.ts";
import { isPartOfDay, showDay } from "../ui/date-field.ts";
import { byId, h } from "../ui/dom.ts";
import { byInterest, figureText, healthPanel, metricName, originsText } from "./figures.ts";
import { searchOf, type View } from "./view.ts";
import type { Schemas } from "../api/client.ts";
import type { Units } from "../i18n/units.ts";
import type { Panel } from "../ui/panel.ts";

const DATED = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;

/** The panel #day. */
export class DayPanel {
  panel: Panel;
  today: string;
  /** the day that is shown; the field may have a part of another one */
  shown: string;
  day: HTMLInputElement;
  later: HTMLButtonElement;

  constructor(go: (change: Partial<View>) => void) {
    this.panel = healthPanel(byId("day-body"));
    this.today = this.shown = "";
    const choose = (day: string) => { if (day && day <= this.today) go({ day: day === this.today ? "" : day }); };
    this.day = h("input", { id: "date", type: "date", onchange: () => { if (!isPartOfDay(this.day)) choose(this.day.value); } });
    this.later = h("button", { class: "button", type: "button", onclick: () => choose(addDays(this.shown, 1)) }, t("health-later"));
    byId("day-head").append(h("div", { class: "choices" },
      h("label", { class: "field inline", for: "date" }, h("span", null, t("period-day")), this.day),
      h("button", { class: "button", type: "button", onclick: () => choose(addDays(this.shown, -1)) }, t("health-earlier")), this.later));
  }

  show(view: View, ask: (day: string) => Promise<Schemas["HealthSummary"]>, { today, units }: {today: string, units: Units}) {
    this.today = today;
    if (this.day.max !== today) this.day.max = today; // what is being typed would be forgotten
    const day = this.shown = view.day || today;
    showDay(this.day, day);
    this.later.setAttribute("aria-disabled", String(day >= today));
    return this.panel.fill(() => ask(day), (summary) => this.draw(summary, view, units));
  }

  draw({ day, figures, activities, zones, highestHeartRate }: Schemas["HealthSummary"], view: View, units: Units) {
    const shown = figures.toSorted((a, b) => byInterest(a.metric, b.metric));
    return [
      h("p", { class: "muted" }, calendarDay(day, DATED)),
      shown.length ? h("dl", { class: "health-figures" }, shown.map((figure) => h("div", null,
        h("dt", null, metricName(figure.metric)),
        h("dd", null, h("a", { href: `${location.pathname}${searchOf({ ...view, metric: figure.metric })}#trend` }, figureText(figure.figure, figure.unit, units)),
          h("small", null, originsText(figure.origins)))))) : h("p", null, t("health-no-figures"), " ", t("health-no-figures-how")),
      zones.length > 0 && zoneTable(zones, highestHeartRate ?? 0),
      activities.length > 0 && h("div", null, h("h3", null, t("health-activities")), h("ul", { class: "health-activities" }, activities.map((activity) => h("li", null,
        h("a", { href: `/#session=${encodeURIComponent(activity.sessionId)}` }, t("health-activity", { length: length(activity.durationMs) })), " ", h("span", { class: "muted" }, energy(activity.energyKcal)))))),
    ];
  }
}

/** @param highest in bpm */
function zoneTable(zones: Schemas["HeartRateZone"][], highest: number) {
  const most = Math.max(...zones.map(({ minutes }) => minutes), 1);
  const rows = zones.map(({ zone, low, high, minutes }) => [
    t("health-zone", { zone }), high === null ? t("health-zone-from", { low }) : t("health-zone-range", { low, high: (high ?? 0) - 1 }),
    [h("span", { class: "zone-time" }, length(60_000 * minutes)), h("meter", { class: "zone-bar", min: "0", max: String(most), value: String(minutes), "aria-hidden": "true" })],
  ]);
  return h("div", { class: "zones" }, h("h3", null, t("health-zones")),
    table(t("health-zones-how", { highest: decimal(highest, 0) }), [t("health-zone-name"), t("health-unit-bpm"), t("time")], rows));
}
