/**
 * Waits until the data that this browser stored earlier has reached the server.
 * @module
 */

import { Problem } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import type { LiveSession } from "../live/live-session.ts";

/** Polling interval, and number of polls without progress before the page says so. */
const POLL_MS = 250;
const POLLS = 20;

/** Code of the problem shown while earlier data is still being sent. */
export const STILL_SENDING = "live.on_its_way";

/** Wait until nothing is waiting to be sent. */
export async function earlierDataSent(live: LiveSession, onSlow: (problem: Problem) => void) {
  let before = null;
  let polls = 0;
  for (let next = await live.waiting(); next !== null; next = await live.waiting()) {
    polls = next === before ? polls + 1 : 0;
    before = next;
    if (polls === POLLS) onSlow(stillSendingProblem());
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
}

function stillSendingProblem() {
  return new Problem({ title: t("data-still-sent"), detail: t("data-still-sent-detail"), code: STILL_SENDING });
}
