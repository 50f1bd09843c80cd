/**
 * Payments of all users and webhooks of gateways, for administrators. With `?payment=ID` one payment.
 * @module
 */

import "../ui/site-header.ts";
import { athlete, Problem, request, send } from "../api/client.ts";
import { showBackLink } from "../billing/back-link.ts";
import { once } from "../ui/questions.ts";
import { t } from "../i18n/l10n.ts";
import { isAdministrator } from "../stores/account.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, uniqueKey } from "../ui/dom.ts";
import { offerReload, showError } from "../ui/forms.ts";
import { deliveryRow } from "./delivery-row.ts";
import { listing } from "./listing.ts";
import { paymentRow, type Payment } from "./payment-row.ts";
import { reconciliationRow } from "./reconciliation-row.ts";

const paymentId = new URLSearchParams(location.search).get("payment");

const loadPayments = listing("payments", {
  path: "/v1/payments",
  query: () => ({ everyone: "true", ...(byId<"select">("attention").value && { attention: "true" }) }),
  row: (each: Payment) => paymentRow(each),
  empty: () => (byId<"select">("attention").value ? t("payments-none-need-attention") : t("billing-no-payments")),
});

const loadDeliveries = listing("deliveries", {
  path: "/v1/webhook-deliveries",
  query: () => ({ ...(byId<"select">("state").value && { state: byId<"select">("state").value }) }),
  row: deliveryRow,
  empty: () => t("payments-no-deliveries"),
});

const loadReconciliations = listing("reconciliations", {
  path: "/v1/reconciliations",
  row: reconciliationRow,
  empty: () => t("payments-no-reconciliations"),
});

/** Key of the next comparison: pressing twice starts one. */
let key = uniqueKey();

/** Start a comparison, or show the one that is under way. */
async function reconcile() {
  await send("POST", "/v1/reconciliations", {}, { "Idempotency-Key": key });
  key = uniqueKey();
  await loadReconciliations();
  announce(t("payments-reconciling"));
}

/** Show one payment with its facts. */
async function showPayment(id: string) {
  const payment = await request(`/v1/payments/${encodeURIComponent(id)}`);
  byId("payments").replaceChildren(paymentRow(payment, true));
  byId("payments-filter").hidden = byId("webhooks").hidden = byId("reconciliation").hidden = true;
  byId("back").setAttribute("href", "/payments.html");
  byId("back").textContent = t("payments-back");
}

/** Refuse others than administrators. @throws {Problem} */
async function checkRole() {
  await athlete(); // loads the user
  if (!isAdministrator()) throw new Problem({ title: t("payments-not-allowed"), status: 403 });
}

async function open() {
  await checkRole();
  await (paymentId ? showPayment(paymentId) : Promise.all([loadPayments(), loadDeliveries(), loadReconciliations()]));
  byId("content").hidden = false;
}

/** Load a list whose filter was changed. */
function filter(load: () => Promise<void>) {
  clearProblem();
  load().catch((error) => showError(error, { action: t("try-again"), onAction: () => filter(load) }));
}

byId("reconcile").addEventListener("click", () => void once(byId<"button">("reconcile"), reconcile));
byId("attention").addEventListener("change", () => filter(loadPayments));
byId("state").addEventListener("change", () => filter(loadDeliveries));
showBackLink();
open()
  .catch(offerReload)
  .finally(() => byId("content").removeAttribute("aria-busy"));
