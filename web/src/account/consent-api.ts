/**
 * API calls of consents. The last answer is kept for pages without a connection.
 * @module
 */

import { request, send, type Schemas } from "../api/client.ts";
import { keepAnswer, loadOrLast } from "../offline/last-answers.ts";
import { uniqueKey } from "../ui/dom.ts";

export type Consent = Schemas["ConsentBody"];

/** Name among the last answers. */
const KEPT = "consents";

const load = () => request("/v1/me/consents");

/** Get the consents of the user. @throws {Problem} */
export async function consents(): Promise<Consent[]> {
  const answer = await load();
  void keepAnswer(KEPT, answer);
  return answer.items;
}

/** Get the consents of the user, or the last ones without a connection. @throws {Problem} */
export async function lastConsents(): Promise<Consent[]> {
  return (await loadOrLast(KEPT, load, false)).items;
}

/** Give or withdraw a consent. @returns all consents @throws {Problem} */
export async function recordConsent({ purpose, version }: Consent, given: boolean): Promise<Consent[]> {
  const answer = await send("PUT", "/v1/me/consents", { purpose, given, version }, { "Idempotency-Key": uniqueKey() });
  void keepAnswer(KEPT, answer);
  return answer.items;
}
