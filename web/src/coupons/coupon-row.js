/**
 * A coupon in the list, with its state in words.
 * @module
 */

import { Problem, send } from "../api/client.js";
import { confirming } from "../billing/questions.js";
import { day } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { digitsOf } from "../plans/amounts.js";
import { plan } from "../plans/plan-api.js";
import { money } from "../plans/prices.js";
import { h, uniqueKey } from "../ui/dom.js";

/** @typedef {import("../api/client.js").Schemas["Coupon"]} Coupon */

/** @param {Coupon} coupon @returns {"active" | "used-up" | "expired" | "ended"} */
function stateOf({ ended, expiresAt, maxUses, uses }) {
  if (ended) return "ended";
  if (expiresAt && new Date(expiresAt) <= new Date()) return "expired";
  return maxUses !== null && uses >= maxUses ? "used-up" : "active";
}

/** What it takes off, such as "25 %" or "€5.00". @param {Coupon} coupon */
function reductionOf({ basisPoints, amountMinor, currency }) {
  if (basisPoints !== null) return t("coupons-percent-off", { percent: basisPoints / 100 });
  const digits = digitsOf(currency ?? "EUR");
  return money(((amountMinor ?? 0) / 10 ** digits).toFixed(digits), currency ?? "EUR");
}

/** The title of a plan; one of another trainer is loaded. @param {string} id @param {Map<string, string>} titles of own plans */
function planTitle(id, titles) {
  const title = h("bdi", null, titles.get(id) || t("coupons-a-plan"));
  if (!titles.has(id)) {
    plan(id).then(({ offered }) => { if (offered) title.textContent = offered.title; })
      .catch((error) => { if (!(error instanceof Problem)) throw error; }); // it is not offered any more
  }
  return title;
}

/** @param {Coupon} coupon @param {Map<string, string>} titles of own plans @param {(code: string) => Promise<void>} ended */
export function couponRow(coupon, titles, ended) {
  const { couponId: code, duration, durationInPeriods, plans, uses, maxUses, expiresAt } = coupon;
  const state = stateOf(coupon);
  const payments = duration === "repeating" ? t("coupons-repeating", { periods: durationInPeriods }) : t(duration === "once" ? "coupons-once" : "coupons-forever");
  const used = maxUses === null ? t("coupons-uses", { uses }) : t("coupons-uses-of", { uses, limit: maxUses });
  const about = [used, expiresAt && t("coupons-until", { day: day(expiresAt) })].filter(Boolean).join(" · ");
  const key = uniqueKey();
  const end = async () => {
    await send("POST", `/v1/coupons/${encodeURIComponent(code)}/end`, {}, { "Idempotency-Key": key });
    await ended(code);
  };
  const asking = { label: t("coupons-end"), question: t("coupons-end-question", { code }), yes: t("coupons-end-yes"), no: t("coupons-end-no"), isDanger: true };
  const box = state === "ended" ? null : confirming(asking, end);
  box?.querySelector("button")?.setAttribute("aria-label", t("coupons-end-of", { code }));
  return h("li", { class: "coupon", "data-state": state },
    h("div", null, h("h3", { tabindex: "-1" }, h("bdi", null, code)),
      h("p", null, t("coupons-off", { reduction: reductionOf(coupon) }), ` · ${payments}`),
      h("p", { class: "muted" }, plans.length ? plans.flatMap((id, number) => [number ? ", " : "", planTitle(id, titles)]) : t("coupons-all-plans")),
      h("p", null, h("span", { class: "coupon-state" }, t(`coupons-${state}`)), ` · ${about}`)),
    box);
}
