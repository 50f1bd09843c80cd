/**
 * API calls of plans, trainers and enrollments.
 * @module
 */

import { athlete, Problem, request, send, type Schemas } from "../api/client.ts";
import type { ResponseOf } from "../api/operations.ts";
import type { RetryKey } from "../api/retry-key.ts";
import { earliestToday, todayIn } from "../i18n/calendar.ts";
import { clockZone } from "../i18n/display-settings.ts";

export type Plan = Schemas["Plan"];
export type Trainer = Schemas["Trainer"];
export type Enrollment = Schemas["Enrollment"];
type EnrollmentWritten = Schemas["EnrollmentWritten"];

type Page<Item> = {items: Item[], pageInfo: Schemas["PageInfo"]};
type Listed<Item> = {items: Item[], after: string | null};
/** Item of the list at a path. A type that fits nothing if the API has no such list. */
export type ItemOf<Path extends string> = ResponseOf<"GET", Path> extends { items: (infer Item)[] } ? Item : { "is no list in openapi.json": Path };

/** The largest page that the API allows. */
const ALL = 100;

/** Headers with which a read has what was written. */
export const after = (position: number | null) => (position === null ? {} : { headers: { "After-Position": String(position) } });

/** List one page. */
export async function listPage<Path extends string>(path: Path, query: Record<string, string>, options?: RequestInit): Promise<Listed<ItemOf<Path>>> {
  const { items, pageInfo } = await request(`${path}?${new URLSearchParams(query)}`, options) as Page<ItemOf<Path>>;
  return { items, after: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** List all pages. @throws {Problem} */
export async function listAll<Path extends string>(path: Path, query: Record<string, string>, options?: RequestInit): Promise<ItemOf<Path>[]> {
  const all = [];
  let next = "";
  do {
    const page = await listPage(path, { ...query, first: String(ALL), ...(next && { after: next }) }, options);
    all.push(...page.items);
    next = page.after ?? "";
  } while (next);
  return all;
}

/** List one page of plans. @throws {Problem} */
export function plans(query: Record<string, string>, signal?: AbortSignal): Promise<Listed<Plan>> {
  return listPage("/v1/plans", query, { signal });
}

/** @throws {Problem} */
export function plan(id: string): Promise<Plan> {
  return request(`/v1/plans/${encodeURIComponent(id)}`);
}

/** Trainers that were loaded, by ID; null for those without a public profile. */
const trainers: Map<string, Promise<Trainer | null>> = new Map();

/** Get a trainer, once per page; null without a public profile. @throws {Problem} */
export function trainer(id: string): Promise<Trainer | null> {
  const loaded = trainers.get(id) ?? request(`/v1/trainers/${encodeURIComponent(id)}`).catch((error) => {
    if (error instanceof Problem && error.status === 404) return null;
    trainers.delete(id);
    throw error;
  });
  trainers.set(id, loaded);
  return loaded;
}

/** The user's latest enrollment in a plan, or null. @throws {Problem} */
export async function enrollmentIn(planId: string, position: number | null = null): Promise<Enrollment | null> {
  const user = await athlete();
  const { items } = await listPage("/v1/enrollments", { first: String(ALL) }, after(position));
  return items.find((each: Enrollment) => each.planId === planId && each.userId === user) ?? null;
}

/** The subscription of an enrollment that has ended, if it still pays for the plan; paused or not. @throws {Problem} */
export async function coveringSubscription(enrollment: Enrollment | null): Promise<Schemas["Subscription"] | null> {
  if (!enrollment?.subscriptionId || !["completed", "cancelled"].includes(enrollment.status)) return null;
  const found = await request(`/v1/subscriptions/${encodeURIComponent(enrollment.subscriptionId)}`);
  return found.planId === enrollment.planId && ["active", "past_due", "paused"].includes(found.status) ? found : null;
}

/**
 * Enroll in a plan from today on. A repeated call with the same key enrolls once.
 * @param payer of a paid plan
 * @throws {Problem}
 */
export async function enroll(planId: string, key: RetryKey, payer: Partial<Schemas["Enroll"]> = {}): Promise<EnrollmentWritten> {
  const body = { userId: await athlete(), planId, startOn: todayIn(clockZone()), ...payer };
  return send("POST", "/v1/enrollments", body, key.headers(body));
}

/** Leave a plan. @throws {Problem} */
export function leave(enrollmentId: string, key: string): Promise<EnrollmentWritten> {
  return request(`/v1/enrollments/${encodeURIComponent(enrollmentId)}`, { method: "DELETE", headers: { "Idempotency-Key": key } });
}

/** Whether a workout that was due on a day can no longer be done on it. A session counts for the day on the device. @param dueOn YYYY-MM-DD */
export const isMissed = (dueOn: string) => dueOn < earliestToday(clockZone());

/** Apply the plan's rule to workouts that were missed. @throws {Problem} */
export function noteDay(enrollmentId: string): Promise<EnrollmentWritten> {
  return send("POST", `/v1/enrollments/${encodeURIComponent(enrollmentId)}/day`, { today: earliestToday(clockZone()) });
}
