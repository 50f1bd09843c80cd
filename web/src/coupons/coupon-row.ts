/**
 * A coupon in the list, with its state in words.
 * @module
 */

import { Problem, send, type Schemas } from "../api/client.ts";
import { confirming } from "../ui/questions.ts";
import { day } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { digitsOf } from "../plans/amounts.ts";
import { plan } from "../plans/plan-api.ts";
import { money } from "../plans/prices.ts";
import { announce, h, uniqueKey } from "../ui/dom.ts";

type Coupon = Schemas["Coupon"];

function stateOf({ ended, expiresAt, maxUses, uses }: Coupon): "active" | "used-up" | "expired" | "ended" {
  if (ended) return "ended";
  if (expiresAt && new Date(expiresAt) <= new Date()) return "expired";
  return maxUses !== null && uses >= maxUses ? "used-up" : "active";
}

/** What it takes off, such as "25 %" or "€5.00". */
function reductionOf({ basisPoints, amountMinor, currency }: Coupon) {
  if (basisPoints !== null) return t("coupons-percent-off", { percent: basisPoints / 100 });
  const digits = digitsOf(currency ?? "EUR");
  return money(((amountMinor ?? 0) / 10 ** digits).toFixed(digits), currency ?? "EUR");
}

/** The title of a plan; one of another trainer is loaded. @param titles of own plans */
function planTitle(id: string, titles: Map<string, string>) {
  const title = h("bdi", null, titles.get(id) || t("coupons-a-plan"));
  if (!titles.has(id)) {
    plan(id).then(({ offered }) => { if (offered) title.textContent = offered.title; })
      .catch((error) => { if (!(error instanceof Problem)) throw error; }); // it is not offered any more
  }
  return title;
}

/** @param titles of own plans */
export function couponRow(coupon: Coupon, titles: Map<string, string>): HTMLElement {
  const { couponId: code, duration, durationInPeriods, plans, uses, maxUses, expiresAt } = coupon;
  const state = stateOf(coupon);
  const payments = duration === "repeating" ? t("coupons-repeating", { periods: durationInPeriods }) : t(duration === "once" ? "coupons-once" : "coupons-forever");
  const used = maxUses === null ? t("coupons-uses", { uses }) : t("coupons-uses-of", { uses, limit: maxUses });
  const about = [used, expiresAt && t("coupons-until", { day: day(expiresAt) })].filter(Boolean).join(" · ");
  const key = uniqueKey();
  const end = async () => {
    await send("POST", `/v1/coupons/${encodeURIComponent(code)}/end`, {}, { "Idempotency-Key": key });
    const changed = couponRow({ ...coupon, ended: true }, titles);
    row.replaceWith(changed);
    announce(t("coupons-has-ended", { code }));
    changed.querySelector("h3")?.focus();
  };
  const asking = { label: t("coupons-end"), question: t("coupons-end-question", { code }), yes: t("coupons-end-yes"), no: t("coupons-end-no"), isDanger: true };
  const box = state === "ended" ? null : confirming(asking, end);
  box?.querySelector("button")?.setAttribute("aria-label", t("coupons-end-of", { code }));
  const row = h("li", { class: "coupon", "data-state": state },
    h("div", null, h("h3", { tabindex: "-1" }, h("bdi", null, code)),
      h("p", null, t("coupons-off", { reduction: reductionOf(coupon) }), ` · ${payments}`),
      h("p", { class: "muted" }, plans.length ? plans.flatMap((id, number) => [number ? ", " : "", planTitle(id, titles)]) : t("coupons-all-plans")),
      h("p", null, h("span", { class: "coupon-state" }, t(`coupons-${state}`)), ` · ${about}`)),
    box);
  return row;
}
