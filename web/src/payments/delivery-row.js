/**
 * Row of a webhook that a gateway has delivered, with the button that handles it again.
 * @module
 */

import { send } from "../api/client.js";
import { once } from "../billing/questions.js";
import { moment } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { gatewayName } from "../plans/gateway-names.js";
import { announce, h, uniqueKey } from "../ui/dom.js";
import { paymentUrl } from "./payment-row.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["WebhookDelivery"]} Delivery */

/** @param {Delivery} delivery @returns {HTMLElement} */
export function deliveryRow({ deliveryId, gateway, eventId, eventType, about, state, reason, attempts, receivedAt }) {
  const key = uniqueKey();
  const redeliver = async () => {
    const { delivery } = await send("POST", `/v1/webhook-deliveries/${encodeURIComponent(deliveryId)}/redeliver`, {}, { "Idempotency-Key": key });
    const changed = deliveryRow(delivery);
    row.replaceWith(changed);
    changed.querySelector("h3")?.focus();
    announce(t("payments-redelivered", { state: texts.delivery(delivery.state) }));
  };
  const button = h("button", { class: "button", type: "button", "aria-label": t("payments-redeliver-of", { event: eventId }), onclick: () => void once(button, redeliver) }, t("payments-redeliver"));
  const row = h("li", { class: "payment-row" },
    h("div", null,
      h("h3", { tabindex: "-1" }, `${gatewayName(gateway)} · ${texts.delivery(state)}`),
      h("p", null, moment(receivedAt), " · ", t("payments-attempts", { attempts }), reason && [" · ", h("code", null, reason)]),
      eventType && h("p", null, h("code", null, eventType)),
      h("p", { class: "muted" }, h("code", null, eventId)),
      h("p", null, h("a", { class: "payment-link", href: paymentUrl(about) }, t("payments-open")))),
    state !== "processed" && button);
  return row;
}
