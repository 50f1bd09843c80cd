/**
 * Row of a webhook that a gateway has delivered, with the button that handles it again.
 * @module
 */

import { send, type Schemas } from "../api/client.ts";
import { once } from "../ui/questions.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { gatewayName } from "../plans/gateway-names.ts";
import { announce, h, uniqueKey } from "../ui/dom.ts";
import { paymentLink } from "./payment-row.ts";
import { hiddenSubject, texts } from "./texts.ts";

type Delivery = Schemas["WebhookDelivery"];

export function deliveryRow({ deliveryId, gateway, eventId, eventType, about, state, reason, attempts, receivedAt }: Delivery): HTMLElement {
  const key = uniqueKey();
  const redeliver = async () => {
    const { delivery } = await send("POST", `/v1/webhook-deliveries/${encodeURIComponent(deliveryId)}/redeliver`, {}, { "Idempotency-Key": key });
    const changed = deliveryRow(delivery);
    row.replaceWith(changed);
    changed.querySelector("h3")?.focus();
    announce(t("payments-redelivered", { state: texts.delivery(delivery.state) }));
  };
  const button = h("button", { class: "button", type: "button", onclick: () => void once(button, redeliver) }, t("payments-redeliver"), hiddenSubject(eventId));
  const row = h("li", { class: "payment-row" },
    h("div", null,
      h("h3", { tabindex: "-1" }, `${gatewayName(gateway)} · ${texts.delivery(state)}`),
      h("p", null, moment(receivedAt), " · ", t("payments-attempts", { attempts }), reason && [" · ", h("code", null, reason)]),
      eventType && h("p", null, h("code", null, eventType)),
      h("p", { class: "muted" }, h("code", null, eventId)),
      h("p", null, paymentLink(about, eventId))),
    state !== "processed" && button);
  return row;
}
