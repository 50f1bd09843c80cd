/**
 * A plan in a list: what it is, by whom, how long, and what it costs.
 * @module
 */

import { h } from "../ui/dom.ts";
import { equipmentName } from "./keys.ts";
import { priceTag, type PlanContent } from "./prices.ts";
import { texts } from "./texts.ts";
import type { Plan, Trainer } from "./plan-api.ts";

/** Address of a plan's page. */
export const planUrl = (id: string) => `/plan.html?${new URLSearchParams({ plan: id })}`;

/** Address of a trainer's page. */
export const trainerUrl = (id: string) => `/plans.html?${new URLSearchParams({ trainer: id })}`;

/** One block for each session of the first week: the plan's rhythm. */
export function rhythm(perWeek: number) {
  return h("span", { class: "rhythm", "aria-hidden": "true" }, Array.from({ length: 7 }, (_, day) => h("i", { class: Math.floor(((day + 1) * perWeek) / 7) > Math.floor((day * perWeek) / 7) && "on" })));
}

/** Facts of a plan: level, length and equipment. */
export function planFacts({ level, weeks, sessionsPerWeek, equipment }: PlanContent) {
  return h("p", { class: "plan-facts" }, h("span", null, texts.level(level)), h("span", null, texts.schedule(weeks, sessionsPerWeek)), h("span", null, equipment.length ? equipment.map(equipmentName).join(", ") : texts.noEquipment));
}

export function planCard({ planId, offered }: Plan, trainer: Trainer | null, region: string): HTMLElement {
  if (!offered) throw new Error(`The plan ${planId} is not offered.`);
  return h("li", { class: "plan-card" },
    rhythm(offered.sessionsPerWeek),
    h("h2", null, h("a", { href: planUrl(planId) }, h("bdi", null, offered.title))),
    trainer && h("p", { class: "muted" }, texts.by(""), h("bdi", null, trainer.name)),
    planFacts(offered),
    priceTag(offered, region));
}
