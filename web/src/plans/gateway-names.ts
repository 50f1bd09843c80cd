/**
 * Names of the gateways, which are the same in every language.
 * @module
 */

const NAMES: Record<string, string> = { stripe: "Stripe", yookassa: "YooKassa", sberbank: "Sberbank", webmoney: "WebMoney" };

export const gatewayName = (gateway: string) => NAMES[gateway] ?? gateway;
