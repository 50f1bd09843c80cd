/**
 * How hard each set of a completed session felt: its athlete says it, or changes it.
 * @module
 */

import { send, type Session } from "../api/client.ts";
import { announce, h, onDetail, uniqueKey } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

type SessionSet = Session["sets"][number];

/** Whether the ratings of a session can be changed here. */
export function isRatable({ isOwn, status, sets }: Pick<Session, "isOwn" | "status" | "sets">) {
  return isOwn && status === "COMPLETED" && sets.length > 0;
}

/** @param setName returns the name of a set @returns null if the ratings cannot be changed */
export function setRatings(session: Session, setName: (set: SessionSet) => string): HTMLElement | null {
  if (!isRatable(session)) return null;
  const list = h("div", { class: "set-ratings" });
  const details = h("details", { class: "panel" }, h("summary", null, t("set-ratings")), list);
  const open = async () => {
    await import("../effort/set-rating.ts"); // few rate their sets afterwards
    list.replaceChildren(...session.sets.map((set) => rating(session.sessionId, set, setName(set))));
  };
  details.addEventListener("toggle", () => void open().catch(showError), { once: true });
  return details;
}

function rating(sessionId: string, { number, holdMs, rpe }: SessionSet, name: string) {
  const element = h("set-rating", null);
  let saved = rpe ?? null;
  let chosen = 0; // how often
  const showSaved = () => element.show({ of: number, unit: holdMs > 0 ? "hold" : "repetitions", rating: saved });
  const save = async (given: number | null) => {
    await send("POST", `/v1/workouts/${encodeURIComponent(sessionId)}/rating`, { set: number, rpe: given }, { "Idempotency-Key": uniqueKey() });
    saved = given;
    announce(t("set-rating-saved"));
  };
  let latest = Promise.resolve(); // one after the other, so that the last one stays
  onDetail(element, "rated", (given: number | null) => {
    const mine = ++chosen;
    latest = latest.then(() => save(given)).catch((error) => {
      if (mine === chosen) showSaved();
      showError(error);
    });
  });
  showSaved();
  return h("div", { role: "group", "aria-label": name }, h("h3", null, name), element);
}
