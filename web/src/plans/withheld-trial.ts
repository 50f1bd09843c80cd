/**
 * Trials that a user cannot have, because a subscription of theirs is not paid.
 * @module
 */

import { day } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { listAll } from "./plan-api.ts";

/** Why the user cannot try any plan now, or null. @throws {Problem} */
export async function withheldTrial(now: number = Date.now()): Promise<string | null> {
  const subscriptions = await listAll("/v1/subscriptions", {});
  if (subscriptions.some(({ trialsWithheldFrom: from }) => from !== null && Date.parse(from) < now)) return t("plans-trial-withheld");
  const ends = subscriptions.map(({ trialsWithheldUntil: until }) => (until === null ? 0 : Date.parse(until)));
  const last = Math.max(0, ...ends);
  return last > now ? t("plans-trial-withheld-until", { day: day(last) }) : null;
}
