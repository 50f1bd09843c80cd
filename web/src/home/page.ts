/**
 * Home page: recent sessions, totals and video upload; or one session, by the URL.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { Problem } from "../api/client.ts";
import { clearProblem, showNotice, showProblem } from "../ui/banner.ts";
import { byId } from "../ui/dom.ts";
import { replaceWork, unsavedFormIn, workIsSaved } from "../ui/unsaved-work.ts";
import { openSession, type Head, type SessionView } from "../session/session-view.ts";
import { showOwnPlans } from "../plans/own-plans.ts";
import { showAssignedNote } from "./assigned-note.ts";
import { showCondition } from "./condition.ts";
import { showInsights } from "./insights.ts";
import { loadOverview } from "./overview.ts";
import { showRecommendations } from "./recommendations.ts";
import { SessionList } from "./recent-sessions.ts";
import { greeting, Today } from "./today.ts";
import { useAccountStore } from "../stores/account.ts";
import { Totals } from "./training-totals.ts";
import { Upload } from "./video-upload.ts";
import { t } from "../i18n/l10n.ts";

/** Read session and time from the URL: `#session=ID&t=12.3` or `/sessions/ID`. */
function place(): {session: string | null, at: number} {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const path = location.pathname.match(/^\/sessions\/([^/]+)\/?$/);
  const session = parameters.get("session") ?? (path ? decodeURIComponent(path[1]) : null);
  const at = Number(parameters.get("t"));
  return { session, at: Number.isFinite(at) && at > 0 ? at : 0 };
}

let open: SessionView | null = null;
let shown: string | null = null;

const today = new Today();
const list = new SessionList((latest, exercises) => today.latest(latest, exercises));
const totals = new Totals();
new Upload({
  onSession: (id) => {
    list.forget();
    const href = `/#session=${encodeURIComponent(id)}`;
    if (shown === null) location.href = href;
    else showNotice(t("home-analyzed"), { href, label: t("home-open-session") });
  },
});

function head({ title, heading = title, subtitle, back }: Head) {
  byId("title").textContent = heading;
  byId("subtitle").textContent = subtitle;
  byId("back").hidden = !back;
  byId("back").parentElement?.classList.toggle("hero", !back);
  document.title = `${title} · Kinelog`;
}

/** Lead trainers to their pages. */
function showTrainerLinks() {
  byId("trainer-links").hidden = !useAccountStore.get().user?.roles.includes("trainer");
}

function showList() {
  head({ title: t("nav-home"), heading: greeting(), subtitle: "", back: false });
  byId("session-view").hidden = true;
  byId("session-view").replaceChildren();
  byId("list-view").hidden = false;
  const overview = loadOverview();
  void list.show(overview);
  void totals.show(overview);
  void today.show(overview);
  void showOwnPlans(overview);
  void showAssignedNote(overview);
  void showRecommendations(overview);
  void showInsights(overview);
  void showCondition(overview);
}

async function showSession(id: string, at: number) {
  head({ title: t("session"), subtitle: t("loading"), back: true });
  byId("list-view").hidden = true;
  byId("session-view").hidden = false;
  byId("session-view").setAttribute("aria-busy", "true");
  try {
    const opened = await openSession(id, at, byId("session-view"), head);
    if (shown === id) open = opened;
    else opened.close();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    head({ title: t("session"), subtitle: t("home-session-not-loaded"), back: true });
    showProblem({ title: error.title, detail: error.detail, reference: error.reference }, {
      kept: t("nothing-changed"),
      advice: error.status === 404 ? t("home-check-link") : t("try-in-a-moment"),
      action: error.status === 404 ? undefined : t("try-again"),
      onAction: () => { shown = null; void route(); },
    });
  } finally {
    byId("session-view").removeAttribute("aria-busy");
  }
}

async function route() {
  const { session, at } = place();
  if (session !== null && session === shown) {
    void open?.player?.seek(at); // only the time has changed
    return;
  }
  if (session === shown && byId("list-view").dataset.ready) return;
  const form = unsavedFormIn(byId("session-view")); // such as a comment
  if (form) return replaceWork(form, () => { workIsSaved(form); void route(); });
  const first = shown === null && !byId("list-view").dataset.ready;
  byId("list-view").dataset.ready = "yes";
  open?.close();
  open = null;
  shown = session;
  clearProblem();
  if (session === null) showList();
  else await showSession(session, at);
  if (!first && shown === session) {
    scrollTo(0, 0);
    byId("title").focus({ preventScroll: true });
  }
}

byId("back").addEventListener("click", (event: Event) => {
  if (location.pathname !== "/") return; // on `/sessions/ID`, follow the link itself
  event.preventDefault();
  history.pushState(null, "", "/");
  void route();
});
useAccountStore.subscribe(showTrainerLinks);
addEventListener("sessions-changed", () => { list.forget(); if (shown === null) showList(); });
addEventListener("hashchange", () => void route());
addEventListener("popstate", () => void route());
void route();
