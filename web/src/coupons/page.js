/**
 * Coupons of a trainer: the list, and the form of a new one.
 * @module
 */

import "./texts.js";
import "../ui/site-header.js";
import { athlete, Problem, send } from "../api/client.js";
import { listing } from "../payments/listing.js";
import { listAll } from "../plans/plan-api.js";
import { isAdministrator, isTrainer } from "../stores/account.js";
import { announce, byId, uniqueKey } from "../ui/dom.js";
import { markField, onSubmit, showError } from "../ui/forms.js";
import { t } from "../i18n/l10n.js";
import { couponRow } from "./coupon-row.js";
import { offerPlans, prepareForm, readCoupon, showFields } from "./coupon-form.js";

/** @typedef {import("../api/client.js").Schemas["Plan"]} Plan */
/** @typedef {import("../api/client.js").Schemas["Coupon"]} Coupon */

/** Titles of the trainer's plans, by id. @type {Map<string, string>} */
const titles = new Map();

const loadCoupons = listing("coupons", {
  path: "/v1/coupons",
  query: () => ({}),
  row: (/** @type {Coupon} */ coupon) => couponRow(coupon, titles, hasEnded),
  empty: () => t("coupons-none"),
});

/** @param {string} code */
async function hasEnded(code) {
  await loadCoupons();
  announce(t("coupons-has-ended", { code }));
  byId("own-title").focus();
}

async function loadPlans() {
  /** @type {Plan[]} */
  const plans = await listAll(`/v1/trainers/${encodeURIComponent(await athlete())}/plans`, {});
  for (const { planId, offered, draft } of plans) titles.set(planId, (offered ?? draft)?.title ?? "");
  offerPlans(plans.filter(({ offered }) => offered?.prices.length));
}

async function open() {
  await athlete(); // loads the user
  if (!isTrainer()) throw new Problem({ title: t("coupons-not-trainer"), status: 403 });
  await loadPlans();
  await loadCoupons();
  let key = uniqueKey();
  prepareForm();
  byId("create").addEventListener("input", () => { key = uniqueKey(); });
  onSubmit(byId("create"), async () => {
    const coupon = readCoupon(isAdministrator());
    if (!coupon) return;
    const { couponId } = await send("POST", "/v1/coupons", coupon, { "Idempotency-Key": key });
    key = uniqueKey();
    byId("create").reset();
    showFields();
    await loadCoupons();
    announce(t("coupons-created", { code: couponId }));
    byId("own-title").focus();
  }, (error) => {
    if (error instanceof Problem && error.code === "coupon.exists") {
      markField(byId("code"), error.title);
      byId("code").focus();
    } else showError(error);
  });
  byId("content").hidden = false;
}

open().catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
