/**
 * A plan in a list: what it is, by whom, how long, and what it costs.
 * @module
 */

import { h } from "../ui/dom.js";
import { equipmentName } from "./keys.js";
import { priceTag } from "./prices.js";
import { texts } from "./texts.js";

/** Address of a plan's page. @param {string} id */
export const planUrl = (id) => `/plan.html?${new URLSearchParams({ plan: id })}`;

/** Address of a trainer's page. @param {string} id */
export const trainerUrl = (id) => `/plans.html?${new URLSearchParams({ trainer: id })}`;

/** One block for each session of the first week: the plan's rhythm. @param {number} perWeek */
export function rhythm(perWeek) {
  return h("span", { class: "rhythm", "aria-hidden": "true" }, Array.from({ length: 7 }, (_, day) => h("i", { class: Math.floor(((day + 1) * perWeek) / 7) > Math.floor((day * perWeek) / 7) && "on" })));
}

/** Facts of a plan: level, length and equipment. @param {import("./prices.js").PlanContent} content */
export function planFacts({ level, weeks, sessionsPerWeek, equipment }) {
  return h("p", { class: "plan-facts" }, h("span", null, texts.level(level)), h("span", null, texts.schedule(weeks, sessionsPerWeek)), h("span", null, equipment.length ? equipment.map(equipmentName).join(", ") : texts.noEquipment));
}

/** @param {import("./plan-api.js").Plan} plan @param {import("./plan-api.js").Trainer | null} trainer @param {string} region @returns {HTMLElement} */
export function planCard({ planId, offered }, trainer, region) {
  if (!offered) throw new Error(`The plan ${planId} is not offered.`);
  return h("li", { class: "plan-card" },
    rhythm(offered.sessionsPerWeek),
    h("h2", null, h("a", { href: planUrl(planId) }, h("bdi", null, offered.title))),
    trainer && h("p", { class: "muted" }, texts.by(""), h("bdi", null, trainer.name)),
    planFacts(offered),
    priceTag(offered, region));
}
