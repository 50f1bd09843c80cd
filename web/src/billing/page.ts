/**
 * Billing: subscriptions with change of plan, pause, cancel and resume, payments, and invoices.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { answer, athlete, received, request, send, type Schemas } from "../api/client.ts";
import { day, moment } from "../i18n/format.ts";
import { after, plan, type ItemOf } from "../plans/plan-api.ts";
import { money } from "../plans/prices.ts";
import { table, tableRow } from "../ui/data-table.ts";
import { isAdministrator } from "../stores/account.ts";
import { announce, byId, h, type Child } from "../ui/dom.ts";
import { offerReload } from "../ui/forms.ts";
import { showBackLink } from "./back-link.ts";
import { pagedList } from "../ui/paged-list.ts";
import { once } from "../ui/questions.ts";
import { saveFile } from "../ui/save-file.ts";
import { subscriptionCard, type Change } from "./subscription-card.ts";
import { texts } from "./texts.ts";

type Subscription = Schemas["Subscription"];
type Payment = Schemas["Payment"];
type Invoice = Schemas["Invoice"];

/** Titles of plans by ID; a plan that is no longer offered has none. */
const titles: Map<string, Promise<string | null>> = new Map();

function titleOf(planId: string) {
  const title = titles.get(planId) ?? plan(planId).then(({ offered, draft }) => (offered ?? draft)?.title ?? null, () => null);
  titles.set(planId, title);
  return title;
}

const change: Change = async (id, what, body, key, words) => {
  const { position } = await send("POST", `/v1/subscriptions/${encodeURIComponent(id)}/${what}`, body, { "Idempotency-Key": key }) as Schemas["SubscriptionWritten"];
  await Promise.all([showChanged(id, position), showPayments(position)]);
  announce(words);
  byId(`subscription-${id}`).focus();
};

async function cardOf(each: Subscription) {
  return subscriptionCard(each, await titleOf(each.planId), each.changePlanId && await titleOf(each.changePlanId), change);
}

/** @param position that a change of the subscription has written */
async function showChanged(id: string, position: number) {
  const card = await cardOf(await request(`/v1/subscriptions/${encodeURIComponent(id)}`, after(position)));
  byId(`subscription-${id}`).closest("li")?.replaceWith(card);
}

const showSubscriptions = pagedList("subscriptions", {
  path: "/v1/subscriptions",
  list: byId("subscriptions"),
  rows: (items) => Promise.all(items.map(cardOf)),
  done: (isEmpty) => { byId("none").hidden = !isEmpty; },
});

/** A table of a list that is loaded page by page. @param none what is shown without rows */
function pagedTable<Path extends string>(id: string, path: Path, columns: string[], none: string, rows: (items: ItemOf<Path>[]) => Promise<Child[][]>) {
  const shown = table("", columns, []);
  return pagedList(id, {
    path,
    list: shown.tBodies[0],
    rows: async (items) => (await rows(items)).map(tableRow),
    done: (isEmpty) => byId(id).replaceChildren(isEmpty ? h("p", { class: "muted" }, none) : shown),
  });
}

const showPayments = pagedTable("payments", "/v1/payments", texts.paymentColumns, texts.noPayments, async (items) => items.map(
  ({ createdAt, amount, currency, status, failReason }: Payment) => [moment(createdAt), money(amount, currency), texts.payment(status, failReason)]));

/** Download the PDF, which needs the access token. */
async function download(id: string) {
  const response = await answer(`/v1/invoices/${encodeURIComponent(id)}.pdf`);
  saveFile(await received(response.blob()), `${id}.pdf`);
}

const showInvoices = pagedTable("invoices", "/v1/invoices", texts.invoiceColumns, texts.noInvoices, async (items) => {
  const pdf = ({ invoiceId }: Invoice) => {
    const button = h("button", { class: "button", type: "button", "aria-label": texts.pdfOf(invoiceId), onclick: () => void once(button, () => download(invoiceId)) }, texts.pdf);
    return button;
  };
  const plans = await Promise.all(items.map(({ planId }: Invoice) => titleOf(planId)));
  const isCredit = ({ kind }: Invoice) => kind === "credit_note";
  const named = (each: Invoice, index: number) => [h("span", { class: "billing-number" }, each.invoiceId), isCredit(each) && h("span", { class: "billing-plan" }, texts.creditNote), h("bdi", { class: "billing-plan" }, plans[index])];
  const amountOf = (each: Invoice) => money(isCredit(each) ? `-${each.amount}` : each.amount, each.currency);
  return items.map((each: Invoice, index: number) => [named(each, index), day(each.createdAt), amountOf(each), pdf(each)]);
});

async function showPaymentsOfAll() {
  await athlete(); // loads the user
  byId("all-payments").hidden = !isAdministrator();
}

showBackLink();
Promise.all([showSubscriptions(), showPayments(), showInvoices(), showPaymentsOfAll()])
  .catch(offerReload)
  .finally(() => byId("billing").removeAttribute("aria-busy"));
