/**
 * Form of a refund: its amount and reason.
 * @module
 */

import { asking } from "../ui/questions.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { money } from "../plans/prices.ts";
import { decimalField } from "../ui/decimal-field.ts";
import { h, uniqueKey } from "../ui/dom.ts";
import { onSubmit } from "../ui/forms.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { wholeUnits } from "../ui/whole-units.ts";
import { hiddenSubject, texts } from "./texts.ts";
import type { BodyOf } from "../api/operations.ts";
import type { Schemas } from "../api/client.ts";

type Payment = Schemas["Payment"];
export type Refund = <Path extends "refund" | "manual-refund">(path: Path, body: BodyOf<"POST", `/v1/payments/${string}/${Path}`>, key: string) => Promise<void>;

/** Decimals of the amount of a payment. */
const digitsOf = ({ amount }: Payment) => amount.split(".")[1]?.length ?? 0;

/** An amount in minor units with its decimal point. */
const decimalOf = (minor: number, payment: Payment) => (minor / 10 ** digitsOf(payment)).toFixed(digitsOf(payment));

/** Return whether a person is to repay a refund that has failed. */
const isOwed = ({ attention }: Payment) => attention === "refund_failed";

/** Return what a person can return, or a call to the gateway, with its decimal point. */
function leftOf(payment: Payment, isByHand: boolean) {
  const byHand = isOwed(payment) ? payment.owedMinor : payment.amountMinor - payment.returnedMinor;
  return decimalOf(isByHand ? byHand : payment.refundableMinor, payment);
}

/** Return the refunded amount of a payment, formatted. */
export function returnedOf(payment: Payment) {
  return money(decimalOf(payment.returnedMinor, payment), payment.currency);
}

/** Return what the user has not got of it, because refunds have failed, formatted. */
export function owedOf(payment: Payment) {
  return money(decimalOf(payment.owedMinor, payment), payment.currency);
}

/** Amount and time of a payment, to distinguish it from others. */
export const subjectOf = ({ amount, currency, createdAt }: Payment) => `${money(amount, currency)}, ${moment(createdAt).textContent}`;

/** What an empty amount returns, and whether the subscription ends with it. @param left formatted */
function refundHint({ amountMinor, returnedMinor, refundableMinor, endsSubscription }: Payment, left: string) {
  if (refundableMinor < amountMinor - returnedMinor) return t("payments-refund-credited", { left });
  return t(endsSubscription ? "payments-refund-hint" : "payments-refund-hint-earlier", { left });
}

/** What a refund at a provider returns that returns no parts. @param left formatted */
const wholeHint = ({ endsSubscription }: Payment, left: string) => t(endsSubscription ? "payments-refund-whole" : "payments-refund-whole-earlier", { left });

/** Options of the reason of a refund. */
const reasons = () => constraintsOf("RefundPayment.reason").options ?? [];

/**
 * A button that shows a form to return money.
 * @param path of the request
 */
export function refunding(payment: Payment, path: "refund" | "manual-refund", refund: Refund) {
  const { paymentId, currency } = payment;
  const isByHand = path === "manual-refund";
  const key = uniqueKey(); // of the row, which is replaced after a refund: the form can be closed and opened again before its answer
  const words = () => (isOwed(payment) ? t("payments-record-repayment") : t("payments-record-refund"));
  const label = () => [isByHand ? words() : t("payments-refund"), hiddenSubject(subjectOf(payment))];
  return asking(label(), (no) => {
    const id = `${path}-${paymentId}`;
    const left = leftOf(payment, isByHand);
    const isWhole = !isByHand && !payment.isRefundableInPart;
    const amount = decimalField({ id, min: decimalOf(1, payment), max: left, "aria-describedby": `${id}-hint` }, digitsOf(payment));
    const reason = h("select", { id: `${id}-reason`, "data-schema": "RefundPayment.reason" }, reasons().map((each) => h("option", { value: each }, texts.reason(each))));
    const form = h("form", { novalidate: true },
      isWhole ? h("p", null, wholeHint(payment, money(left, currency))) : h("div", { class: "field" }, h("label", { for: id }, t("payments-refund-amount", { currency })), amount,
        h("p", { id: `${id}-hint`, class: "muted" }, isByHand ? t("payments-record-hint") : refundHint(payment, money(left, currency)))),
      isByHand ? null : h("div", { class: "field" }, h("label", { for: `${id}-reason` }, t("payments-refund-reason")), reason),
      h("div", { class: "choices" }, h("button", { class: "button danger", type: "submit" }, label()), no));
    onSubmit(form, () => {
      const minor = wholeUnits(amount.value, digitsOf(payment));
      const body = { amountMinor: minor, ...(!isByHand && { reason: reason.value }) };
      return refund(path, body, `${key}-${minor ?? "all"}-${reason.value}`);
    });
    return [form];
  }, t("payments-refund-no"));
}
