/**
 * Row of a payment: what was paid where and why, its facts, and refunds.
 * @module
 */

import { request, send, type Schemas } from "../api/client.ts";
import { codeOf } from "../api/problem.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { gatewayName } from "../plans/gateway-names.ts";
import { after } from "../plans/plan-api.ts";
import { money } from "../plans/prices.ts";
import { announce, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { owedOf, refunding, returnedOf, subjectOf, type Refund } from "./refund-form.ts";
import { hiddenSubject, texts } from "./texts.ts";

export type Payment = Schemas["Payment"];
type Fact = Schemas["PaymentFact"];

/** A link to the page with one payment. @param subject what its row is about */
export function paymentLink(paymentId: string, subject: string) {
  return h("a", { class: "payment-link", href: `/payments.html?${new URLSearchParams({ payment: paymentId })}` }, t("payments-open"), hiddenSubject(subject));
}

/** Address of a payment in the API. */
const pathOf = (paymentId: string) => `/v1/payments/${encodeURIComponent(paymentId)}` as const;

function factLine({ event, at, gateway, reason, source, amount, currency }: Fact) {
  const details = [gateway && gatewayName(gateway), amount && currency && money(amount, currency), reason && texts.reason(reason), source && texts.source(source)];
  return h("li", null, moment(at), " ", h("b", null, texts.fact(event)), " ", details.filter(Boolean).join(" · "));
}

/** What has happened to the payment: loaded when it is opened. */
function facts(payment: Payment, isOpen: boolean) {
  const place = h("ol");
  return h("details", { open: isOpen, ontoggle: ({ currentTarget }: {currentTarget: HTMLDetailsElement}) => {
    if (!currentTarget.open || place.firstChild) return;
    request(`${pathOf(payment.paymentId)}/facts`).then(({ items }) => place.replaceChildren(...items.map(factLine))).catch(showError);
  } }, h("summary", null, t("payments-facts"), hiddenSubject(subjectOf(payment))), place);
}

/** Whether a person may record a refund that was made at the gateway. */
const canRecord = ({ status, attention, gateway }: Payment) => (attention !== null && attention !== "dispute") || (status === "succeeded" && (gateway === "webmoney" || gateway === "sberbank"));

/** Stage, reason and due date of a dispute. */
const disputeLine = ({ dispute, disputeReason, disputeDueAt }: Payment) => dispute && h("p", null,
  [texts.dispute(dispute), disputeReason && texts.reason(disputeReason), disputeDueAt && t("payments-evidence-due", { day: moment(disputeDueAt).textContent ?? "" })].filter(Boolean).join(" · "));

/** @param isOpen whether its facts are shown */
export function paymentRow(payment: Payment, isOpen = false): HTMLElement {
  const { paymentId, userId, status, failReason, amount, currency, gateway, routeReason, renewal, attention, returnedMinor, owedMinor, createdAt } = payment;
  const showChanged = async (position: number | null) => {
    const changed = paymentRow(await request(pathOf(paymentId), after(position)), true);
    row.replaceWith(changed);
    changed.querySelector("h3")?.focus();
  };
  const refund: Refund = async (path, body, key) => {
    const sent = send("POST", `${pathOf(paymentId)}/${path}`, body, { "Idempotency-Key": key }) as Promise<Schemas["PaymentWritten"]>;
    const { position } = await sent.catch(async (error) => {
      if (codeOf(error).startsWith("payment.")) await showChanged(null); // it was changed in the meantime
      throw error;
    });
    await showChanged(position);
    announce(path === "refund" ? t("payments-refunding") : t("payments-recorded"));
  };
  const row = h("li", { class: "payment-row" },
    h("div", null,
      h("h3", { tabindex: "-1" }, `${money(amount, currency)} · ${texts.payment(status, failReason)}`),
      attention && h("p", { class: "payment-attention" }, texts.attention(attention)),
      disputeLine(payment),
      h("p", null, moment(createdAt), " · ", renewal ? t("payments-renewal") : t("payments-first")),
      gateway && h("p", null, gatewayName(gateway), routeReason && `: ${texts.reason(routeReason)}`),
      returnedMinor > 0 && h("p", null, t("payments-returned", { amount: returnedOf(payment) })),
      owedMinor > 0 && h("p", null, t("payments-owed", { amount: owedOf(payment) })),
      h("p", { class: "muted" }, t("payments-payment"), " ", h("code", null, paymentId), " · ", t("payments-user"), " ", h("code", null, userId))),
    payment.refundableMinor > 0 && refunding(payment, "refund", refund),
    canRecord(payment) && refunding(payment, "manual-refund", refund),
    facts(payment, isOpen));
  return row;
}
