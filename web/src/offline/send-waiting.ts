/**
 * Sends what closed pages left in this browser, and says what still waits.
 * @module
 */

import { athlete } from "../api/client.ts";
import { deliverWaiting, waitingSessions } from "../live/background-delivery.ts";
import { h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

/** Send what waits, and show it in the page's notice. */
export async function sendWaiting() {
  const athleteId = await athlete().catch(() => null);
  if (athleteId === null) return; // nobody is signed in
  const waiting = (await waitingSessions(athleteId)).length;
  if (waiting === 0) return;
  notice(t("unsent-sessions", { count: waiting }));
  const outcomes = await deliverWaiting(athleteId);
  if (outcomes.every((each) => each === "sent")) notice(t("unsent-all-sent"));
  else if (outcomes.includes("left")) notice(t("unsent-left"), h("a", { class: "button", href: "/workout_player.html" }, t("unsent-open")));
}

function notice(words: string, ...more: Node[]) {
  document.getElementById("notice")?.replaceChildren(h("p", { class: "notice", id: "unsent-notice" }, h("span", null, words), ...more));
}
