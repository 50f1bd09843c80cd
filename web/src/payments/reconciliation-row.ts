/**
 * Row of a comparison of payments with the providers: its progress, or what differs.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { day, moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { gatewayName } from "../plans/gateway-names.ts";
import { money } from "../plans/prices.ts";
import { h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { paymentLink } from "./payment-row.ts";
import { texts } from "./texts.ts";

type Report = Schemas["ReconciliationReport"];

/** Pause between two looks at a comparison that is under way. */
const PAUSE_MS = 2000;

/** State of one side, with what was charged, returned and disputed, such as "charged, 19.99 EUR, returned 5.00, dispute lost". */
const SIDE = /^([a-z]+)(?:, ([\d.]+) ([A-Z]{3})(?:, returned ([\d.]+))?)?(?:, dispute ([a-z_]+))?$/;

/** Translate one side of a difference; an answer of the provider stays as it is. */
function sideWords(side: string) {
  const [, state, amount, currency, returned, dispute] = SIDE.exec(side) ?? [];
  if (!state) return side;
  return [texts.side(state), amount && money(amount, currency), returned && t("payments-part-returned", { amount: money(returned, currency) }), dispute && texts.dispute(dispute)].filter(Boolean).join(", ");
}

function differenceLine({ kind, gateway, reference, paymentId, here, there }: Report["differences"][number]) {
  return h("li", null, h("b", null, texts.difference(kind)), " · ", gatewayName(gateway), " ", h("code", null, reference),
    h("p", null, t("payments-here-and-there", { here: sideWords(here), there: sideWords(there) })),
    paymentLink(paymentId, reference));
}

function notComparedLine({ gateway, reference, reason }: Report["notCompared"][number]) {
  return h("li", null, gatewayName(gateway), " ", reference && [h("code", null, reference), " "], texts.notCompared(reason));
}

/** Replace a row until its comparison is over. */
function follow(report: Report, row: HTMLElement) {
  setTimeout(() => {
    if (!row.isConnected) return; // the list was loaded again
    request(`/v1/reconciliations/${encodeURIComponent(report.reconciliationId)}`).then((now) => row.replaceWith(reconciliationRow(now)), (error) => {
      if (error instanceof Problem && error.isTemporary) follow(report, row);
      else showError(error);
    });
  }, PAUSE_MS);
}

export function reconciliationRow(report: Report): HTMLElement {
  const { state, payments, requestedAt, finishedAt, periodBegin, periodEnd, differencesFound, notComparedFound, reason } = report;
  const title = state === "succeeded" ? t("payments-differences", { count: differencesFound }) : texts.reconciliation(state);
  const lines = [...report.differences.map(differenceLine), ...report.notCompared.map(notComparedLine)];
  const row = h("li", { class: "payment-row" },
    h("div", null,
      h("h3", { tabindex: "-1", class: differencesFound > 0 && "payment-attention" }, title),
      h("p", null, moment(finishedAt ?? requestedAt), " · ", t("payments-compared", { count: payments }), reason && [" · ", h("code", null, reason)]),
      h("p", { class: "muted" }, t("payments-period", { begin: day(periodBegin), end: day(periodEnd) })),
      notComparedFound > 0 && h("p", { class: "payment-attention" }, t("payments-not-compared", { count: notComparedFound })),
      lines.length > 0 && h("ol", null, lines)));
  if (finishedAt === null) follow(report, row);
  return row;
}
