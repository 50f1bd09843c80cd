/**
 * Choice of the athletes who may watch a video: all, or those of some plans.
 * @module
 */

import { athlete } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { listAll } from "../plans/plan-api.js";
import { byId, h } from "../ui/dom.js";

/** @typedef {import("../api/client.js").Schemas["ContentItem"]} Video */
/** @typedef {import("../plans/plan-api.js").Plan} Plan */

/** @param {string} value @param {string} label @param {boolean} isChosen */
function box(value, label, isChosen) {
  return h("label", { class: "studio-check" }, h("input", { type: "checkbox", value, checked: isChosen }), h("bdi", null, label));
}

/** Offer the plans of the trainer. @param {Video} video */
export async function showAudience({ isFree, plans, userId }) {
  /** @type {Plan[]} */
  const own = await listAll(`/v1/trainers/${encodeURIComponent(userId || await athlete())}/plans`, {});
  const free = box("", t("studio-everybody"), isFree);
  const boxes = own.map(({ planId, offered, draft }) => box(planId, (offered ?? draft)?.title ?? planId, plans.includes(planId)));
  byId("audience-choices").replaceChildren(free,
    ...(boxes.length ? [h("p", { class: "muted" }, t("studio-plans")), ...boxes] : [h("p", { class: "muted" }, t("studio-no-plans"), " ", h("a", { href: "/plan_editor.html" }, t("plans-editor")))]));
}

/** @returns {{isFree: boolean, plans: string[]}} */
export function readAudience() {
  const chosen = [...byId("audience-choices").querySelectorAll("input")].filter((each) => each.checked).map(({ value }) => value);
  return { isFree: chosen.includes(""), plans: chosen.filter(Boolean) };
}
