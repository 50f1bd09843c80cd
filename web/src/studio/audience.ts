/**
 * Choice of the athletes who may watch a video: all, or those of some plans.
 * @module
 */

import { athlete, type Schemas } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { listAll, type Plan } from "../plans/plan-api.ts";
import { byId, h } from "../ui/dom.ts";

type Video = Schemas["ContentItem"];

function box(value: string, label: string, isChosen: boolean) {
  return h("label", { class: "check" }, h("input", { type: "checkbox", value, checked: isChosen }), h("bdi", null, label));
}

/** Offer the plans of the trainer. */
export async function showAudience({ isFree, plans, userId }: Video) {
  const own: Plan[] = await listAll(`/v1/trainers/${encodeURIComponent(userId || await athlete())}/plans`, {});
  const free = box("", t("studio-everybody"), isFree);
  const boxes = own.map(({ planId, offered, draft }) => box(planId, (offered ?? draft)?.title ?? planId, plans.includes(planId)));
  byId("audience-choices").replaceChildren(free,
    ...(boxes.length ? [h("p", { class: "muted" }, t("studio-plans")), ...boxes] : [h("p", { class: "muted" }, t("studio-no-plans"), " ", h("a", { href: "/plan_editor.html" }, t("plans-editor")))]));
}

export function readAudience(): {isFree: boolean, plans: string[]} {
  const chosen = [...byId("audience-choices").querySelectorAll("input")].filter((each) => each.checked).map(({ value }) => value);
  return { isFree: chosen.includes(""), plans: chosen.filter(Boolean) };
}
