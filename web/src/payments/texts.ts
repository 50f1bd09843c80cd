/**
 * Texts of the payments page.
 * @module
 */

import { addTextsOf, t, textOr } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";

await addTextsOf("payments");

/** An ID of the API as a part of the ID of a text. */
const part = (id: string) => id.replaceAll(/[._]/g, "-");

/** End of the name of a control for screen readers: what its row is about. The visible text is the same in all rows. */
export const hiddenSubject = (subject: string) => h("span", { class: "visually-hidden" }, ` ${subject}`);

export const texts = {
  /** @param reason of a failure */
  payment: (status: string, reason: string | null) => textOr(`billing-payment-${part(reason ?? status)}`, t("billing-payment-failed")),
  /** @param reason why it is this gateway, or why something happened */
  reason: (reason: string) => textOr(`payments-reason-${part(reason)}`, reason),
  fact: (event: string) => textOr(`payments-fact-${part(event)}`, event),
  attention: (reason: string) => textOr(`payments-attention-${part(reason)}`, reason),
  /** @param stage of a dispute */
  dispute: (stage: string) => textOr(`payments-dispute-${part(stage)}`, stage),
  source: (source: string) => textOr(`payments-source-${part(source)}`, source),
  /** @param kind of a difference */
  difference: (kind: string) => textOr(`payments-difference-${part(kind)}`, kind),
  /** @param state of an intent, here or at the provider */
  side: (state: string) => textOr(`payments-side-${part(state)}`, state),
  notCompared: (reason: string) => textOr(`payments-unanswered-${part(reason)}`, reason),
  /** @param state of a comparison that has no result */
  reconciliation: (state: string) => textOr(`payments-reconciliation-${part(state)}`, state),
  /** @param state of a delivery */
  delivery: (state: string) => textOr(`payments-delivery-${part(state)}`, state),
};
