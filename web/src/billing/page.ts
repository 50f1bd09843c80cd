/**
 * Billing: subscriptions with change of plan, pause, cancel and resume, payments, and invoices.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { answer, athlete, send, type Schemas } from "../api/client.ts";
import { day, moment } from "../i18n/format.ts";
import { after, listPage, plan } from "../plans/plan-api.ts";
import { money } from "../plans/prices.ts";
import { table } from "../ui/data-table.ts";
import { isAdministrator } from "../stores/account.ts";
import { announce, byId, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { showBackLink } from "./back-link.ts";
import { once } from "../ui/questions.ts";
import { subscriptionCard, type Change } from "./subscription-card.ts";
import { texts } from "./texts.ts";

type Subscription = Schemas["Subscription"];
type Payment = Schemas["Payment"];
type Invoice = Schemas["Invoice"];

const RECENT = "50";

/** Titles of plans by ID; a plan that is no longer offered has none. */
const titles: Map<string, Promise<string | null>> = new Map();

function titleOf(planId: string) {
  const title = titles.get(planId) ?? plan(planId).then(({ offered, draft }) => (offered ?? draft)?.title ?? null, () => null);
  titles.set(planId, title);
  return title;
}

const change: Change = async (id, what, body, key, words) => {
  const { position } = await send("POST", `/v1/subscriptions/${encodeURIComponent(id)}/${what}`, body, { "Idempotency-Key": key }) as Schemas["SubscriptionWritten"];
  await Promise.all([showSubscriptions(position), showPayments(position)]);
  announce(words);
  byId(`subscription-${id}`).focus();
};

/** @param position that a change has written */
async function showSubscriptions(position: number | null = null) {
  const { items } = await listPage("/v1/subscriptions", { first: RECENT }, after(position));
  const cards = await Promise.all(items.map(async (each: Subscription) => subscriptionCard(each, await titleOf(each.planId), each.changePlanId && await titleOf(each.changePlanId), change)));
  byId("subscriptions").replaceChildren(...cards);
  byId("none").hidden = cards.length > 0;
}

/** @param position that a change has written */
async function showPayments(position: number | null = null) {
  const { items } = await listPage("/v1/payments", { first: RECENT }, after(position));
  byId("payments").replaceChildren(items.length
    ? table("", texts.paymentColumns, items.map(({ createdAt, amount, currency, status, failReason }: Payment) => [moment(createdAt), money(amount, currency), texts.payment(status, failReason)]))
    : h("p", { class: "muted" }, texts.noPayments));
}

/** Download the PDF, which needs the access token. */
async function download(id: string) {
  const response = await answer(`/v1/invoices/${encodeURIComponent(id)}.pdf`);
  const url = URL.createObjectURL(await response.blob());
  h("a", { href: url, download: `${id}.pdf` }).click();
  setTimeout(() => URL.revokeObjectURL(url));
}

async function showInvoices() {
  const { items } = await listPage("/v1/invoices", { first: RECENT });
  const pdf = ({ invoiceId }: Invoice) => {
    const button = h("button", { class: "button", type: "button", "aria-label": texts.pdfOf(invoiceId), onclick: () => void once(button, () => download(invoiceId)) }, texts.pdf);
    return button;
  };
  const plans = await Promise.all(items.map(({ planId }: Invoice) => titleOf(planId)));
  const isCredit = ({ kind }: Invoice) => kind === "credit_note";
  const named = (each: Invoice, index: number) => [h("span", { class: "billing-number" }, each.invoiceId), isCredit(each) && h("span", { class: "billing-plan" }, texts.creditNote), h("bdi", { class: "billing-plan" }, plans[index])];
  const amountOf = (each: Invoice) => money(isCredit(each) ? `-${each.amount}` : each.amount, each.currency);
  byId("invoices").replaceChildren(items.length
    ? table("", texts.invoiceColumns, items.map((each: Invoice, index: number) => [named(each, index), day(each.createdAt), amountOf(each), pdf(each)]))
    : h("p", { class: "muted" }, texts.noInvoices));
}

async function showPaymentsOfAll() {
  await athlete(); // loads the user
  byId("all-payments").hidden = !isAdministrator();
}

showBackLink();
Promise.all([showSubscriptions(), showPayments(), showInvoices(), showPaymentsOfAll()])
  .catch((error) => showError(error, { action: texts.tryAgain, onAction: () => location.reload() }))
  .finally(() => byId("billing").removeAttribute("aria-busy"));
