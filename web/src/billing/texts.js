/**
 * Texts of the billing page.
 * @module
 */

import { t, textOr } from "../i18n/l10n.js";

/** An ID of the API as a part of the ID of a text. @param {string} id */
const part = (id) => id.replaceAll(/[._]/g, "-");

/** What the date of a fact is. @type {Record<string, (variables: {day: string}) => string>} */
const NEXT = {
  "subscription.activated": (of) => t("billing-next-paid", of),
  "subscription.renewed": (of) => t("billing-next-paid", of),
  "subscription.plan_changed": (of) => t("billing-next-paid", of),
  "subscription.trial_started": (of) => t("billing-next-until", of),
  "subscription.paused": (of) => t("billing-next-until", of),
  "subscription.cancellation_scheduled": (of) => t("billing-next-until", of),
  "subscription.past_due": (of) => t("billing-next-try", of),
  "subscription.plan_change_scheduled": (of) => t("billing-next-on", of),
  "subscription.renewal_announced": (of) => t("billing-next-on", of),
};

export const texts = {
  /** @param {string} status */
  state: (status) => textOr(`billing-state-${part(status)}`, status),
  /** @param {string} day */
  renews: (day) => t("billing-renews", { day }),
  /** @param {string} day */
  renewsByHand: (day) => t("billing-renews-by-hand", { day }),
  /** @param {string} coupon @param {number | null} count null: all @param {string} amount @param {string} price @param {string} later */
  discount: (coupon, count, amount, price, later) => (count === null ? t("billing-discount-forever", { coupon, amount, price }) : t("billing-discount", { coupon, count, amount, price, later })),
  /** @param {string} day */
  ends: (day) => t("billing-ends", { day }),
  /** @param {string} day @param {string} reason */
  ended: (day, reason) => t(`billing-ended-${part(reason)}`, { day }),
  /** @param {string} day */
  retry: (day) => t("billing-retry", { day }),
  /** @param {string} day */
  retryByHand: (day) => t("billing-retry-by-hand", { day }),
  /** @param {string} from @param {string} until */
  pauses: (from, until) => t("billing-pauses", { from, until }),
  /** @param {string} day @param {string} amount */
  paused: (day, amount) => t("billing-paused", { day, amount }),
  /** @param {string} day @param {string} amount */
  pausedByHand: (day, amount) => t("billing-paused-by-hand", { day, amount }),
  /** @param {string} day */
  pausedRetry: (day) => t("billing-paused-retry", { day }),
  /** @param {string} day */
  pausedRetryByHand: (day) => t("billing-paused-retry-by-hand", { day }),
  /** @param {string} amount */
  pausedDue: (amount) => t("billing-paused-due", { amount }),
  /** @param {string} day @param {string} amount */
  trial: (day, amount) => t("billing-trial", { day, amount }),
  /** @param {string} day @param {string} amount */
  trialUnpaid: (day, amount) => t("billing-trial-unpaid", { day, amount }),
  /** @param {string} day @param {string} amount */
  trialDue: (day, amount) => t("billing-trial-due", { day, amount }),
  byHand: t("billing-by-hand"),
  unpaid: t("billing-unpaid"),
  pay: t("plans-continue-payment"),
  payNow: t("billing-pay-now"),
  changeMethod: t("billing-change-method"),
  addMethod: t("billing-add-method"),
  pause: t("billing-pause"),
  /** @param {number} min @param {number} max */
  pauseDays: (min, max) => t("billing-pause-days", { min, max }),
  /** @param {string} from @param {string} until @param {string} amount */
  pausePreview: (from, until, amount) => t("billing-pause-preview", { from, until, amount }),
  /** @param {string} from @param {string} until @param {string} amount */
  pausePreviewByHand: (from, until, amount) => t("billing-pause-preview-by-hand", { from, until, amount }),
  pauseNo: t("billing-pause-no"),
  pausePlanned: t("billing-pause-planned"),
  pauseWithdraw: t("billing-pause-withdraw"),
  pauseWithdrawn: t("billing-pause-withdrawn"),
  pauseEnd: t("billing-pause-end"),
  /** @param {string} amount */
  pauseEndQuestion: (amount) => t("billing-pause-end-question", { amount }),
  /** @param {string} amount */
  pauseEndByHand: (amount) => t("billing-pause-end-by-hand", { amount }),
  pauseEndYes: t("billing-pause-end-yes"),
  pauseEndNo: t("billing-pause-end-no"),
  pauseOver: t("billing-pause-over"),
  changePlan: t("billing-change-plan"),
  changeTo: t("billing-change-to"),
  changeNone: t("billing-change-none"),
  changeLines: t("billing-change-lines"),
  changeColumns: [t("billing-change-line"), t("billing-amount")],
  changePrice: t("billing-change-price"),
  /** @param {string} coupon */
  changeDiscount: (coupon) => t("billing-change-discount", { coupon }),
  /** @param {string} coupon @param {string} amount */
  changeFirst: (coupon, amount) => t("billing-change-first", { coupon, amount }),
  changeCredit: t("billing-change-credit"),
  changeTotal: t("billing-change-total"),
  changeTax: t("billing-change-tax"),
  /** @param {string} amount */
  changeNow: (amount) => t("billing-change-now", { amount }),
  /** @param {string} amount */
  changeNowByHand: (amount) => t("billing-change-now-by-hand", { amount }),
  /** @param {string} day @param {string} amount */
  changeLater: (day, amount) => t("billing-change-later", { day, amount }),
  changeYes: t("billing-change-yes"),
  changeNo: t("billing-change-no"),
  changeAccepted: t("billing-change-accepted"),
  /** @param {string} plan @param {string} day @param {string} amount */
  changesOn: (plan, day, amount) => t("billing-change-on", { plan, day, amount }),
  /** @param {string} plan @param {string} amount */
  changeWaits: (plan, amount) => t("billing-change-waits", { plan, amount }),
  changePay: t("billing-change-pay"),
  changeWithdraw: t("billing-change-withdraw"),
  changeWithdrawn: t("billing-change-withdrawn"),
  cancel: t("billing-cancel"),
  /** @param {string | null} day */
  cancelQuestion: (day) => (day ? t("billing-cancel-question", { day }) : t("billing-cancel-first")),
  cancelNow: t("billing-cancel-now"),
  cancelYes: t("billing-cancel-yes"),
  cancelNo: t("billing-cancel-no"),
  resume: t("billing-resume"),
  cancelled: t("billing-cancelled"),
  resumed: t("billing-resumed"),
  timeline: t("billing-timeline"),
  /** The date that a fact sets. @param {string} event @param {string} day */
  next: (event, day) => NEXT[event]?.({ day }) ?? "",
  why: t("billing-why"),
  whether: t("billing-whether"),
  /** @param {boolean} granted @param {string} reason */
  answer: (granted, reason) => t(granted ? "billing-answer-yes" : "billing-answer-no", { reason }),
  /** @param {string} reason */
  reason: (reason) => textOr(`billing-reason-${part(reason)}`, reason),
  /** @param {string} event */
  fact: (event) => textOr(`billing-fact-${part(event)}`, event),
  noPayments: t("billing-no-payments"),
  noInvoices: t("billing-no-invoices"),
  creditNote: t("billing-credit-note"),
  /** @param {string} status @param {string | null} reason of a failure */
  payment: (status, reason) => textOr(`billing-payment-${part(reason ?? status)}`, t("billing-payment-failed")),
  paymentColumns: [t("billing-date"), t("billing-amount"), t("billing-status")],
  invoiceColumns: [t("billing-number"), t("billing-date"), t("billing-amount"), t("billing-document")],
  plan: t("plan"),
  tryAgain: t("try-again"),
  pdf: t("billing-pdf"),
  /** @param {string} number */
  pdfOf: (number) => t("billing-pdf-of", { number }),
};
