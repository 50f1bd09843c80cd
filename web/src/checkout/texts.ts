/**
 * Texts of the checkout page.
 * @module
 */

import { addTextsOf, t } from "../i18n/l10n.ts";
import { gatewayName } from "../plans/gateway-names.ts";

await addTextsOf("checkout");

const ROUTES: Record<string, (variables: {gateway: string}) => string> = {
  region: (of) => t("checkout-route-region", of),
  preference: (of) => t("checkout-route-preference", of),
  circuit_open: (of) => t("checkout-route-circuit-open", of),
  timeout: (of) => t("checkout-route-timeout", of),
  unsupported: (of) => t("checkout-route-unsupported", of),
  refused: (of) => t("checkout-route-circuit-open", of),
  expired: (of) => t("checkout-route-expired", of),
};

/** What happened and what to do, by the reason of a failed payment. */
const FAILURES: Record<string, [string, string]> = {
  cancelled: [t("checkout-cancelled"), t("checkout-cancelled-text")],
  expired: [t("checkout-expired"), t("checkout-expired-text")],
  no_gateway: [t("checkout-no-gateway"), t("checkout-no-gateway-text")],
  wrong_amount: [t("checkout-wrong-amount"), t("checkout-wrong-amount-text")],
};

const DECLINES: Record<string, string> = {
  declined: t("checkout-declined"),
  insufficient_funds: t("checkout-insufficient-funds"),
  authentication_failed: t("checkout-authentication-failed"),
};

export const texts = {
  route: (reason: string | null, gateway: string) => ROUTES[reason ?? "region"]?.({ gateway: gatewayName(gateway) }) ?? "",
  decline: (reason: string) => DECLINES[reason] ?? DECLINES.declined,
  failure: (reason: string | null): [string, string] => FAILURES[reason ?? ""] ?? [t("checkout-failed"), DECLINES[reason ?? "declined"] ?? DECLINES.declined],
  today: (amount: string) => t("checkout-today", { amount }),
  pay: (amount: string) => t("checkout-pay", { amount }),
  continueAt: (gateway: string) => t("checkout-continue-at", { gateway: gatewayName(gateway) }),
  preparing: t("checkout-preparing"),
  paying: t("checkout-checking"),
  processing: (renewal: boolean) => t(renewal ? "checkout-processing-renewal" : "checkout-processing"),
  slow: (renewal: boolean) => t(renewal ? "checkout-slow-renewal" : "checkout-slow"),
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
  /** @param until the day when a cancelled subscription ends */
  covered: (until: string | null) => (until ? t("checkout-covered-until", { day: until }) : t("checkout-covered")),
  planPaused: t("checkout-plan-paused"),
};
