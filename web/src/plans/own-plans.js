/**
 * The user's plans on the home page: today's workout of each, and the progress through the weeks.
 * @module
 */

import { graphql, Problem, request } from "../api/client.js";
import { loadOrLast } from "../offline/last-answers.js";
import { byId, h } from "../ui/dom.js";
import { after, noteDay, today } from "./plan-api.js";
import { planUrl } from "./plan-card.js";
import { standing } from "./standing.js";
import { texts } from "./texts.js";

/** Fields of an enrollment that the home page shows. */
export const STANDING_FIELDS = "enrollmentId planId status weeks sessions performed missed next { number workoutId sessionId dueOn }";

const DETAILS = /** @type {const} */ (`
query PlanDetails($plan: ID!, $workout: ID!) { plan(id: $plan) { offered { title } } workout(id: $workout) { name } }`);

/** @typedef {import("./standing.js").Standing & {enrollmentId: string}} Own */

/** Show the plans that are under way or unpaid. @param {Promise<{enrollments?: any[]}>} overview what the page loads when it opens */
export async function showOwnPlans(overview) {
  try {
    const { enrollments = [] } = await overview;
    /** @type {Own[]} */
    const own = enrollments.map((/** @type {Own} */ each) => ({ ...each, status: /** @type {Own["status"]} */ (each.status.toLowerCase()) }))
      .filter(({ status }) => status === "active" || status === "pending_payment");
    const cards = await Promise.all(own.map(card));
    byId("own-plans").replaceChildren(...(cards.length ? cards : [h("li", { class: "muted" }, texts.homeEmpty)]));
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the list of sessions shows the problem
  }
}

/** @param {Own} own */
async function card(own) {
  const current = await upToDate(own);
  const { planId, next } = current;
  const name = `plan ${planId} ${next?.workoutId}`;
  const { plan, workout } = await loadOrLast(name, () => graphql(DETAILS, { plan: planId, workout: next?.workoutId ?? "" }));
  const title = plan?.offered ? h("a", { href: planUrl(planId) }, h("bdi", null, plan.offered.title)) : texts.withdrawn;
  return h("li", { class: "own-plan" }, h("h3", null, title), standing(current, workout?.name ?? ""));
}

/** Let the plan's rule move workouts that were due before today. @param {Own} own @returns {Promise<Own>} */
async function upToDate(own) {
  if (own.status !== "active" || !own.next || own.next.dueOn >= today()) return own;
  try {
    const { position } = await noteDay(own.enrollmentId);
    return await request(`/v1/enrollments/${encodeURIComponent(own.enrollmentId)}`, after(position));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return own; // without a connection, it stands as it was
  }
}
