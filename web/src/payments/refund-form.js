/**
 * Form of a refund: its amount and reason.
 * @module
 */

import { asking } from "../billing/questions.js";
import { t } from "../i18n/l10n.js";
import { money } from "../plans/prices.js";
import { h, uniqueKey } from "../ui/dom.js";
import { onSubmit } from "../ui/forms.js";
import { constraintsOf } from "../ui/schema-fields.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["Payment"]} Payment */
/** @typedef {(path: string, body: object, key: string) => Promise<void>} Refund */

/** The amount with a decimal point, in minor units. @param {string} amount @param {Payment} payment */
function minorOf(amount, { amount: whole }) {
  return Math.round(Number(amount) * 10 ** (whole.split(".")[1]?.length ?? 0));
}

/** An amount in minor units with its decimal point. @param {number} minor @param {Payment} payment */
function decimalOf(minor, { amount: whole }) {
  const decimals = whole.split(".")[1]?.length ?? 0;
  return (minor / 10 ** decimals).toFixed(decimals);
}

/** Return what a person can return, or a call to the gateway, with its decimal point. @param {Payment} payment @param {boolean} isByHand */
const leftOf = (payment, isByHand) => decimalOf(isByHand ? payment.amountMinor - payment.returnedMinor : payment.refundableMinor, payment);

/** Return the refunded amount of a payment, formatted. @param {Payment} payment */
export function returnedOf(payment) {
  return money(decimalOf(payment.returnedMinor, payment), payment.currency);
}

/** What an empty amount returns, and whether access ends with it. @param {Payment} payment @param {string} left formatted */
const refundHint = ({ amountMinor, returnedMinor, refundableMinor }, left) => t(refundableMinor < amountMinor - returnedMinor ? "payments-refund-credited" : "payments-refund-hint", { left });

/** Options of the reason of a refund. */
const reasons = () => constraintsOf("RefundPayment.reason").options ?? [];

/**
 * A button that shows a form to return money.
 * @param {Payment} payment @param {"refund" | "manual-refund"} path of the request @param {Refund} refund
 */
export function refunding(payment, path, refund) {
  const { paymentId, currency } = payment;
  const isByHand = path === "manual-refund";
  const label = isByHand ? t("payments-record-refund") : t("payments-refund");
  return asking(label, (no) => {
    const key = uniqueKey();
    const id = `${path}-${paymentId}`;
    const left = leftOf(payment, isByHand);
    const isWhole = !isByHand && !payment.isRefundableInPart;
    const amount = h("input", { id, type: "number", inputmode: "decimal", step: decimalOf(1, payment), min: decimalOf(1, payment), max: left, "aria-describedby": `${id}-hint` });
    const reason = h("select", { id: `${id}-reason`, "data-schema": "RefundPayment.reason" }, reasons().map((each) => h("option", { value: each }, texts.reason(each))));
    const form = h("form", { novalidate: true },
      isWhole ? h("p", null, t("payments-refund-whole", { left: money(left, currency) })) : h("div", { class: "field" }, h("label", { for: id }, t("payments-refund-amount", { currency })), amount,
        h("p", { id: `${id}-hint`, class: "muted" }, isByHand ? t("payments-record-hint") : refundHint(payment, money(left, currency)))),
      isByHand ? null : h("div", { class: "field" }, h("label", { for: `${id}-reason` }, t("payments-refund-reason")), reason),
      h("div", { class: "choices" }, h("button", { class: "button danger", type: "submit" }, label), no));
    onSubmit(form, () => {
      const minor = amount.value === "" ? null : minorOf(amount.value, payment);
      const body = { amountMinor: minor, ...(!isByHand && { reason: reason.value }) };
      return refund(path, body, `${key}-${minor ?? "all"}-${reason.value}`);
    });
    return [form];
  }, t("payments-refund-no"));
}
