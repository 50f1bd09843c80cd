/**
 * Sources panel: where records come from, and when they came last.
 * @module
 */

import { decimal, moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";
import { healthPanel, sourceName } from "./figures.ts";
import type { Schemas } from "../api/client.ts";
import type { Panel } from "../ui/panel.ts";

type Source = Schemas["HealthSource"];

/** The panel #sources. */
export class SourcesPanel {
  panel: Panel;

  constructor() {
    this.panel = healthPanel(byId("sources-body"));
  }

  show(ask: () => Promise<Source[]>) {
    return this.panel.fill(ask, (sources) => this.draw(sources.filter(({ connected, records }) => connected || records > 0)));
  }

  draw(sources: Source[]) {
    return [
      sources.length > 0 ? h("ul", { class: "health-sources" }, sources.map((source) => h("li", null,
        h("b", null, sourceName(source.source)), h("p", { class: "muted" }, source.connected ? t("health-connected") : t("health-disconnected"), " ", t("health-records", { count: source.records, shown: decimal(source.records, 0) })),
        source.lastSyncAt && h("p", { class: "muted" }, t("health-last-sync"), " ", moment(source.lastSyncAt))))) : h("p", null, t("health-no-sources")),
      h("p", { class: "hint" }, t("health-how-sources")),
      h("div", { class: "panel-foot" }, h("a", { class: "button", href: "/account.html" }, t("health-consents"))),
    ];
  }
}
