/**
 * Writes the draft of the plan in the form: a new plan once, also after a lost answer.
 * @module
 */

import { athlete, Problem, send } from "../api/client.ts";
import type { BodyOf } from "../api/operations.ts";

export type Terms = Omit<BodyOf<"POST", "/v1/plans">, "planId" | "trainerId">;

/** The plan in the form, with the revision of its draft that is shown. `id` is null until it is drafted, under its `newId`. */
export type Shown = {id: string | null, newId: string, revision: number | null};

/** The server knows this key, and the request that it came with was another one. */
const DRAFTED = "idempotency.payload_differs";

/** Draft the plan, or change its draft unless it has changed elsewhere. @throws {Problem} */
export async function writeDraft(plan: Shown, terms: Terms) {
  if (plan.id === null) {
    try {
      return await send("POST", "/v1/plans", { ...terms, planId: plan.newId, trainerId: await athlete() }, { "Idempotency-Key": plan.newId });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== DRAFTED) throw error;
      Object.assign(plan, { id: plan.newId, revision: 1 }); // its answer was lost; the form has changed since
    }
  }
  return send("PUT", `/v1/plans/${encodeURIComponent(plan.id ?? "")}`, { ...terms, revision: plan.revision });
}
