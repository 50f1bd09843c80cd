/**
 * The user's plans on the home page: today's workout of each, and the progress through the weeks.
 * @module
 */

import { graphql, Problem, request } from "../api/client.ts";
import { loadOrLast } from "../offline/last-answers.ts";
import { byId, h } from "../ui/dom.ts";
import { leaving } from "./leaving.ts";
import { after, isMissed, noteDay } from "./plan-api.ts";
import { planUrl } from "./plan-card.ts";
import { standing, type Standing } from "./standing.ts";
import { texts } from "./texts.ts";

/** Fields of an enrollment that the home page shows. */
export const STANDING_FIELDS = "enrollmentId planId status weeks sessions missed next { number workoutId sessionId dueOn }";

const DETAILS = `
query PlanDetails($plan: ID!, $workout: ID!) { plan(id: $plan) { offered { title } } workout(id: $workout) { name } }` as const;

type Own = Standing & {enrollmentId: string};

/** Show the plans that are under way or unpaid. @param overview what the page loads when it opens */
export async function showOwnPlans(overview: Promise<{enrollments?: (Omit<Own, "status"> & {status: string})[]}>) {
  try {
    const { enrollments = [] } = await overview;
    const own: Own[] = enrollments.map((each) => ({ ...each, status: each.status.toLowerCase() as Own["status"] }))
      .filter(({ status }) => status === "active" || status === "pending_payment");
    const cards = await Promise.all(own.map(card));
    byId("own-plans").replaceChildren(...(cards.length ? cards : [h("li", { class: "muted" }, texts.homeEmpty)]));
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the list of sessions shows the problem
  }
}

async function card(own: Own) {
  const current = await upToDate(own);
  const { planId, next } = current;
  const name = `plan ${planId} ${next?.workoutId}`;
  const { plan, workout } = await loadOrLast(name, () => graphql(DETAILS, { plan: planId, workout: next?.workoutId ?? "" }));
  const title = plan?.offered ? h("a", { href: planUrl(planId) }, h("bdi", null, plan.offered.title)) : texts.withdrawn;
  const shown = h("li", { class: "own-plan", tabindex: "-1" }, h("h3", null, title), standing(current, workout?.name ?? ""));
  // A plan that is offered is left on its page.
  if (!plan?.offered && current.status === "active") shown.append(leaving(current.enrollmentId, () => { shown.replaceChildren(texts.left); shown.focus(); }));
  return shown;
}

/** Let the plan's rule move workouts that were missed. */
async function upToDate(own: Own): Promise<Own> {
  if (own.status !== "active" || !own.next || !isMissed(own.next.dueOn)) return own;
  try {
    const { position } = await noteDay(own.enrollmentId);
    return await request(`/v1/enrollments/${encodeURIComponent(own.enrollmentId)}`, after(position));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return own; // without a connection, it stands as it was
  }
}
