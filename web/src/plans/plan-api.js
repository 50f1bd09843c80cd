/**
 * API calls of plans, trainers and enrollments.
 * @module
 */

import { athlete, Problem, request, send } from "../api/client.js";
import { todayIn } from "../i18n/calendar.js";
import { clockZone } from "../i18n/display-settings.js";

/** @typedef {import("../api/client.js").Schemas["Plan"]} Plan */
/** @typedef {import("../api/client.js").Schemas["Trainer"]} Trainer */
/** @typedef {import("../api/client.js").Schemas["Enrollment"]} Enrollment */
/** @typedef {import("../api/client.js").Schemas["EnrollmentWritten"]} EnrollmentWritten */

/** @template Item @typedef {{items: Item[], after: string | null}} Listed */

/** The largest page that the API allows. */
const ALL = 100;

/** Headers with which a read has what was written. @param {number | null} position */
export const after = (position) => (position === null ? {} : { headers: { "After-Position": String(position) } });

/** List one page. @param {string} path @param {Record<string, string>} query @param {RequestInit} [options] @returns {Promise<Listed<any>>} */
export async function listPage(path, query, options) {
  const { items, pageInfo } = await request(`${path}?${new URLSearchParams(query)}`, options);
  return { items, after: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** List all pages. @param {string} path @param {Record<string, string>} query @param {RequestInit} [options] @returns {Promise<any[]>} @throws {Problem} */
export async function listAll(path, query, options) {
  const all = [];
  let next = "";
  do {
    const page = await listPage(path, { ...query, first: String(ALL), ...(next && { after: next }) }, options);
    all.push(...page.items);
    next = page.after ?? "";
  } while (next);
  return all;
}

/** List one page of plans. @param {Record<string, string>} query @param {AbortSignal} [signal] @returns {Promise<Listed<Plan>>} @throws {Problem} */
export function plans(query, signal) {
  return listPage("/v1/plans", query, { signal });
}

/** @param {string} id @returns {Promise<Plan>} @throws {Problem} */
export function plan(id) {
  return request(`/v1/plans/${encodeURIComponent(id)}`);
}

/** Trainers that were loaded, by ID; null for those without a public profile. @type {Map<string, Promise<Trainer | null>>} */
const trainers = new Map();

/** Get a trainer, once per page; null without a public profile. @param {string} id @returns {Promise<Trainer | null>} @throws {Problem} */
export function trainer(id) {
  const loaded = trainers.get(id) ?? request(`/v1/trainers/${encodeURIComponent(id)}`).catch((error) => {
    if (error instanceof Problem && error.status === 404) return null;
    trainers.delete(id);
    throw error;
  });
  trainers.set(id, loaded);
  return loaded;
}

/** The user's latest enrollment in a plan, or null. @param {string} planId @param {number | null} [position] @returns {Promise<Enrollment | null>} @throws {Problem} */
export async function enrollmentIn(planId, position = null) {
  const user = await athlete();
  const { items } = await listPage("/v1/enrollments", { first: String(ALL) }, after(position));
  return items.find((/** @type {Enrollment} */ each) => each.planId === planId && each.userId === user) ?? null;
}

/** Today in the user's time zone, as YYYY-MM-DD. */
export const today = () => todayIn(clockZone());

/**
 * Enroll in a plan from today on. A repeated call with the same key enrolls once.
 * @param {string} planId @param {string} key idempotency key @param {{region?: string, gateway?: string, couponCode?: string, shownPrice?: {amountMinor: number, currency: string}, trial?: boolean}} [payer] of a paid plan
 * @returns {Promise<EnrollmentWritten>} @throws {Problem}
 */
export async function enroll(planId, key, payer = {}) {
  return send("POST", "/v1/enrollments", { userId: await athlete(), planId, startOn: today(), ...payer }, { "Idempotency-Key": key });
}

/** Leave a plan. @param {string} enrollmentId @param {string} key @returns {Promise<EnrollmentWritten>} @throws {Problem} */
export function leave(enrollmentId, key) {
  return request(`/v1/enrollments/${encodeURIComponent(enrollmentId)}`, { method: "DELETE", headers: { "Idempotency-Key": key } });
}

/** Apply the plan's rule to workouts that were due before today. @param {string} enrollmentId @returns {Promise<EnrollmentWritten>} @throws {Problem} */
export function noteDay(enrollmentId) {
  return send("POST", `/v1/enrollments/${encodeURIComponent(enrollmentId)}/day`, { today: today() });
}
