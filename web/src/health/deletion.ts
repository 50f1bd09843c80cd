/**
 * Deletion of health records on the health page, by metric and source.
 * @module
 */

import { send, type Schemas } from "../api/client.ts";
import { decimal } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { byInterest, metricName, SOURCES, sourceName } from "./figures.ts";
import { codeOf } from "../api/problem.ts";
import { confirming } from "../ui/questions.ts";

/** Show the form. */
export function showDeletion(metrics: string[], onDeleted: () => void) {
  const option = (value: string, name: string) => h("option", { value }, name);
  const metric = h("select", { id: "deleted-metric" }, option("", t("health-all-metrics")), metrics.toSorted(byInterest).map((name) => option(name, metricName(name))));
  const source = h("select", { id: "deleted-source" }, option("", t("health-all-sources")), SOURCES.map((name) => option(name, sourceName(name))));
  const status = h("p", { class: "hint", role: "status" });
  const place = h("div");
  const remove = async () => {
    try {
      status.textContent = t("health-deleted", { count: decimal(await deleteAll(metric.value, source.value), 0) });
      onDeleted();
    } catch (error) {
      if (codeOf(error) === "health.no_records") status.textContent = t("health-none-deleted");
      else showError(error, { kept: t("health-delete-again") });
    }
    offer();
    place.querySelector("button")?.focus();
  };
  const offer = () => place.replaceChildren(confirming({ label: t("health-delete"), question: t("health-delete-question"), yes: t("health-delete-yes"), no: t("health-delete-no"), isDanger: true }, remove));
  for (const select of [metric, source]) select.addEventListener("change", () => { offer(); status.textContent = ""; });
  offer();
  byId("deletion-body").replaceChildren(
    h("p", null, t("health-delete-how")),
    h("div", { class: "choices" },
      h("label", { class: "field inline", for: "deleted-metric" }, h("span", null, t("health-metric")), metric),
      h("label", { class: "field inline", for: "deleted-source" }, h("span", null, t("health-source")), source)), place, status);
}

/** Delete with as many commands as it takes. @returns the number of records */
async function deleteAll(metric: string, source: string): Promise<number> {
  let count = 0;
  for (let more = true; more;) {
    const done = await send("POST", "/v1/me/health/record-deletions", { ...(metric && { metric }), ...(source && { source: source as Schemas["DeleteHealthRecords"]["source"] }) }, { "Idempotency-Key": uniqueKey() });
    count += done.deleted;
    more = done.more;
  }
  return count;
}
