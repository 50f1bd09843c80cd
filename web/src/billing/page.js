/**
 * Billing: subscriptions with change of plan, pause, cancel and resume, payments, and invoices.
 * @module
 */

import "../ui/language-menu.js";
import "../ui/site-header.js";
import { answer, athlete, send } from "../api/client.js";
import { day, moment } from "../i18n/format.js";
import { after, listPage, plan } from "../plans/plan-api.js";
import { money } from "../plans/prices.js";
import { table } from "../ui/data-table.js";
import { isAdministrator } from "../stores/account.js";
import { announce, byId, h } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { showBackLink } from "./back-link.js";
import { once } from "./questions.js";
import { subscriptionCard } from "./subscription-card.js";
import { texts } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas["Subscription"]} Subscription */
/** @typedef {import("../api/client.js").Schemas["Payment"]} Payment */
/** @typedef {import("../api/client.js").Schemas["Invoice"]} Invoice */

const RECENT = "50";

/** Titles of plans by ID; a plan that is no longer offered has none. @type {Map<string, Promise<string | null>>} */
const titles = new Map();

/** @param {string} planId */
function titleOf(planId) {
  const title = titles.get(planId) ?? plan(planId).then(({ offered, draft }) => (offered ?? draft)?.title ?? null, () => null);
  titles.set(planId, title);
  return title;
}

/** @type {import("./subscription-card.js").Change} */
const change = async (id, what, body, key, words) => {
  const { position } = await send("POST", `/v1/subscriptions/${encodeURIComponent(id)}/${what}`, body, { "Idempotency-Key": key });
  await Promise.all([showSubscriptions(position), showPayments(position)]);
  announce(words);
  byId(`subscription-${id}`).focus();
};

/** @param {number | null} [position] that a change has written */
async function showSubscriptions(position = null) {
  const { items } = await listPage("/v1/subscriptions", { first: RECENT }, after(position));
  const cards = await Promise.all(items.map(async (/** @type {Subscription} */ each) => subscriptionCard(each, await titleOf(each.planId), each.changePlanId && await titleOf(each.changePlanId), change)));
  byId("subscriptions").replaceChildren(...cards);
  byId("none").hidden = cards.length > 0;
}

/** @param {number | null} [position] that a change has written */
async function showPayments(position = null) {
  const { items } = await listPage("/v1/payments", { first: RECENT }, after(position));
  byId("payments").replaceChildren(items.length
    ? table("", texts.paymentColumns, items.map((/** @type {Payment} */ { createdAt, amount, currency, status, failReason }) => [moment(createdAt), money(amount, currency), texts.payment(status, failReason)]))
    : h("p", { class: "muted" }, texts.noPayments));
}

/** Download the PDF, which needs the access token. @param {string} id */
async function download(id) {
  const response = await answer(`/v1/invoices/${encodeURIComponent(id)}.pdf`);
  const url = URL.createObjectURL(await response.blob());
  h("a", { href: url, download: `${id}.pdf` }).click();
  setTimeout(() => URL.revokeObjectURL(url));
}

async function showInvoices() {
  const { items } = await listPage("/v1/invoices", { first: RECENT });
  const pdf = (/** @type {Invoice} */ { invoiceId }) => {
    const button = h("button", { class: "button", type: "button", "aria-label": texts.pdfOf(invoiceId), onclick: () => void once(button, () => download(invoiceId)) }, texts.pdf);
    return button;
  };
  const plans = await Promise.all(items.map((/** @type {Invoice} */ { planId }) => titleOf(planId)));
  const isCredit = (/** @type {Invoice} */ { kind }) => kind === "credit_note";
  const named = (/** @type {Invoice} */ each, /** @type {number} */ index) => [h("span", { class: "billing-number" }, each.invoiceId), isCredit(each) && h("span", { class: "billing-plan" }, texts.creditNote), h("bdi", { class: "billing-plan" }, plans[index])];
  const amountOf = (/** @type {Invoice} */ each) => money(isCredit(each) ? `-${each.amount}` : each.amount, each.currency);
  byId("invoices").replaceChildren(items.length
    ? table("", texts.invoiceColumns, items.map((/** @type {Invoice} */ each, /** @type {number} */ index) => [named(each, index), day(each.createdAt), amountOf(each), pdf(each)]))
    : h("p", { class: "muted" }, texts.noInvoices));
}

async function showPaymentsOfAll() {
  await athlete(); // loads the user
  byId("all-payments").hidden = !isAdministrator();
}

showBackLink();
Promise.all([showSubscriptions(), showPayments(), showInvoices(), showPaymentsOfAll()])
  .then(() => byId("billing").removeAttribute("aria-busy"))
  .catch((error) => showError(error, { action: texts.tryAgain, onAction: () => location.reload() }));
