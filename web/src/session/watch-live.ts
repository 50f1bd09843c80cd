/**
 * Live view of one's own session under way: another device trains, and this one shows it.
 * @module
 */

import { Problem, request, type Session } from "../api/client.ts";
import { h } from "../ui/dom.ts";
import { offerReload } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

async function isUnderWay(session: string) {
  try {
    return (await request(`/v1/sessions/${encodeURIComponent(session)}`)).status === "underway";
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return false; // deleted
    throw error;
  }
}

/** @param leaving aborted when the session is closed @returns null if there is nothing to watch */
export function watchLive({ sessionId, isOwn, status }: Pick<Session, "sessionId" | "isOwn" | "status">, leaving: AbortSignal): HTMLElement | null {
  if (!isOwn || status === "COMPLETED") return null;
  const title = h("h2", { id: "live-title", tabindex: -1 }, t("live-now"));
  const watch = async () => {
    title.focus();
    choice.remove();
    const { LiveView } = await import("../athletes/live-view.ts"); // only for those who watch
    if (leaving.aborted) return;
    const opener = () => h("button", { class: "button", type: "button", onclick: () => location.reload() }, t("home-open-session"));
    const view = new LiveView(sessionId, { isLive: () => isUnderWay(sessionId), opener });
    leaving.addEventListener("abort", () => view.close());
    await view.open();
  };
  const choice = h("div", { class: "choices" }, h("button", { class: "button primary", type: "button", onclick: () => void watch().catch(offerReload) }, t("live-watch")));
  return h("section", { id: "live", class: "panel", "aria-labelledby": "live-title" }, title, choice,
    h("p", { id: "live-state", role: "status" }), h("div", { id: "live-after", class: "choices" }), h("div", { id: "live-view", class: "live-view", hidden: true }));
}
