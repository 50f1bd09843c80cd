/**
 * Texts of the payments page.
 * @module
 */

import { addTextsOf, t, textOr } from "../i18n/l10n.js";

await addTextsOf("payments");

/** An ID of the API as a part of the ID of a text. @param {string} id */
const part = (id) => id.replaceAll(/[._]/g, "-");

export const texts = {
  /** @param {string} status @param {string | null} reason of a failure */
  payment: (status, reason) => textOr(`billing-payment-${part(reason ?? status)}`, t("billing-payment-failed")),
  /** @param {string} reason why it is this gateway, or why something happened */
  reason: (reason) => textOr(`payments-reason-${part(reason)}`, reason),
  /** @param {string} event */
  fact: (event) => textOr(`payments-fact-${part(event)}`, event),
  /** @param {string} reason */
  attention: (reason) => textOr(`payments-attention-${part(reason)}`, reason),
  /** @param {string} stage of a dispute */
  dispute: (stage) => textOr(`payments-dispute-${part(stage)}`, stage),
  /** @param {string} source */
  source: (source) => textOr(`payments-source-${part(source)}`, source),
  /** @param {string} kind of a difference */
  difference: (kind) => textOr(`payments-difference-${part(kind)}`, kind),
  /** @param {string} state of an intent, here or at the provider */
  side: (state) => textOr(`payments-side-${part(state)}`, state),
  /** @param {string} reason */
  notCompared: (reason) => textOr(`payments-unanswered-${part(reason)}`, reason),
  /** @param {string} state of a comparison that has no result */
  reconciliation: (state) => textOr(`payments-reconciliation-${part(state)}`, state),
  /** @param {string} state of a delivery */
  delivery: (state) => textOr(`payments-delivery-${part(state)}`, state),
};
