/**
 * Texts of the checkout page.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.js";
import { gatewayName } from "../plans/gateway-names.js";

await addTextsOf("checkout");

/** @type {Record<string, (variables: {gateway: string}) => string>} */
const ROUTES = {
  region: (of) => t("checkout-route-region", of),
  preference: (of) => t("checkout-route-preference", of),
  circuit_open: (of) => t("checkout-route-circuit-open", of),
  timeout: (of) => t("checkout-route-timeout", of),
  unsupported: (of) => t("checkout-route-unsupported", of),
  refused: (of) => t("checkout-route-circuit-open", of),
  expired: (of) => t("checkout-route-expired", of),
};

/** What happened and what to do, by the reason of a failed payment. @type {Record<string, [string, string]>} */
const FAILURES = {
  cancelled: [t("checkout-cancelled"), t("checkout-cancelled-text")],
  expired: [t("checkout-expired"), t("checkout-expired-text")],
  no_gateway: [t("checkout-no-gateway"), t("checkout-no-gateway-text")],
  wrong_amount: [t("checkout-wrong-amount"), t("checkout-wrong-amount-text")],
};

/** @type {Record<string, string>} */
const DECLINES = {
  declined: t("checkout-declined"),
  insufficient_funds: t("checkout-insufficient-funds"),
  authentication_failed: t("checkout-authentication-failed"),
};

export const texts = {
  /** @param {string | null} reason @param {string} gateway */
  route: (reason, gateway) => ROUTES[reason ?? "region"]?.({ gateway: gatewayName(gateway) }) ?? "",
  /** @param {string} reason */
  decline: (reason) => DECLINES[reason] ?? DECLINES.declined,
  /** @param {string | null} reason @returns {[string, string]} */
  failure: (reason) => FAILURES[reason ?? ""] ?? [t("checkout-failed"), DECLINES[reason ?? "declined"] ?? DECLINES.declined],
  /** @param {string} amount */
  today: (amount) => t("checkout-today", { amount }),
  /** @param {string} amount */
  pay: (amount) => t("checkout-pay", { amount }),
  /** @param {string} gateway */
  continueAt: (gateway) => t("checkout-continue-at", { gateway: gatewayName(gateway) }),
  preparing: t("checkout-preparing"),
  paying: t("checkout-checking"),
  /** @param {boolean} renewal */
  slow: (renewal) => t(renewal ? "checkout-slow-renewal" : "checkout-slow"),
  completedTitle: t("checkout-completed"),
  completed: t("checkout-completed-text"),
  toHome: t("checkout-to-home"),
  toPlan: t("checkout-to-plan"),
  again: t("checkout-again"),
  refundedTitle: t("checkout-refunded"),
  refunded: t("checkout-refunded-text"),
  free: t("checkout-free"),
  notSold: t("checkout-not-sold"),
  gone: t("plans-gone"),
  scriptFailed: t("checkout-script-failed"),
  scriptFailedAdvice: t("checkout-script-failed-advice"),
  tryAgain: t("try-again"),
  changed: t("checkout-price-changed"),
};
