/**
 * Coupons of a trainer: the list, and the form of a new one.
 * @module
 */

import "./texts.ts";
import "../ui/site-header.ts";
import { athlete, Problem, send, type Schemas } from "../api/client.ts";
import { listing } from "../payments/listing.ts";
import { listAll } from "../plans/plan-api.ts";
import { isAdministrator, isTrainer } from "../stores/account.ts";
import { announce, byId, uniqueKey } from "../ui/dom.ts";
import { markField, offerReload, onSubmit, showError } from "../ui/forms.ts";
import { saveWork, watchWork, workIsSaved } from "../ui/unsaved-work.ts";
import { t } from "../i18n/l10n.ts";
import { couponRow } from "./coupon-row.ts";
import { offerPlans, prepareForm, readCoupon, showFields } from "./coupon-form.ts";

type Plan = Schemas["Plan"];
type Coupon = Schemas["Coupon"];

/** Titles of the trainer's plans, by id. */
const titles: Map<string, string> = new Map();

const loadCoupons = listing("coupons", {
  path: "/v1/coupons",
  row: (coupon: Coupon) => couponRow(coupon, titles),
  empty: () => t("coupons-none"),
});

async function loadPlans() {
  const plans: Plan[] = await listAll(`/v1/trainers/${encodeURIComponent(await athlete())}/plans`, {});
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
  const form = byId<"form">("create");
  watchWork(form);
  form.addEventListener("input", () => { key = uniqueKey(); });
  const create = async (coupon: Schemas["CreateCoupon"]) => {
    const { couponId } = await send("POST", "/v1/coupons", coupon, { "Idempotency-Key": key });
    key = uniqueKey();
    form.reset();
    showFields();
    workIsSaved(form);
    await loadCoupons();
    announce(t("coupons-created", { code: couponId }));
    byId("own-title").focus();
  };
  onSubmit(form, async () => {
    const coupon = readCoupon(isAdministrator());
    if (coupon) await saveWork(form, () => create(coupon));
  }, (error) => {
    if (error instanceof Problem && error.code === "coupon.exists") {
      markField(byId<"input">("code"), error.title);
      byId("code").focus();
    } else showError(error);
  });
  byId("content").hidden = false;
}

open().catch(offerReload);
