/**
 * Names of the gateways, which are the same in every language.
 * @module
 */

/** @type {Record<string, string>} */
const NAMES = { stripe: "Stripe", yookassa: "YooKassa", sberbank: "Sberbank", webmoney: "WebMoney" };

/** @param {string} gateway */
export const gatewayName = (gateway) => NAMES[gateway] ?? gateway;
