/**
 * Athletes page of a trainer: the roster with invitations, or the sessions of one athlete.
 * @module
 */

import "../ui/site-header.ts";
import "./texts.ts";
import { athlete, exercises, graphql, keptRecording, request, send, sessionPage, type Schemas, type SessionConnection } from "../api/client.ts";
import { ATHLETE_SESSIONS } from "../api/queries.ts";
import { loadMoreBy, once } from "../ui/questions.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { offerReload } from "../ui/forms.ts";
import { trainer } from "../plans/plan-api.ts";
import { useAccountStore } from "../stores/account.ts";
import { exerciseNames } from "../session/exercise-names.ts";
import { heldTime } from "../session/session-count.ts";
import { offerReport } from "./report.ts";
import { day, moment, percent } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

type Athlete = Schemas["Athlete"];
type Session = SessionConnection["edges"][number]["node"];

/** Rows of a page of the list. */
const PAGE = 25;

/** Pause between two looks at who trains. */
const REFRESH_MS = 15_000;

/** Most rows that are kept up to date, and that one request returns. */
const REFRESHED = 100;

const parameters = new URLSearchParams(location.search);
const athleteId = parameters.get("athlete");

/** Cursor of the next page. */
let next: string | null = null;

/** Key of the next invitation: a retry makes no second one. */
let key = uniqueKey();

const nameOf = ({ name }: Athlete) => name ?? t("athletes-unnamed");

function rosterRow(athlete: Athlete) {
  const { lastSession, adherence } = athlete;
  const address = `/athletes.html?${new URLSearchParams({ athlete: athlete.athleteId })}`;
  return h("li", { class: "athlete-row", "data-athlete": athlete.athleteId }, h("div", null,
    h("h3", null, h("a", { href: address }, h("bdi", null, nameOf(athlete)))),
    lastSession?.live && h("a", { class: "live-badge", href: `${address}&${new URLSearchParams({ watch: "live" })}` }, t("live-now")),
    h("p", { class: "muted" }, lastSession ? [t("athletes-last-session"), " ", moment(lastSession.startedAt)] : t("athletes-no-session")),
    adherence && h("p", null, t("athletes-adherence", { performed: adherence.performed, sessions: adherence.sessions, missed: adherence.missed })),
    adherence && h("progress", { value: adherence.performed, max: adherence.sessions, "aria-label": t("athletes-progress") })),
  h("p", { class: "muted" }, [athlete.video ? t("athletes-videos") : t("athletes-no-videos"), athlete.assign && t("athletes-assign")].filter(Boolean).join(" · ")));
}

function sessionRow(session: Session, names: Awaited<ReturnType<typeof exercises>>) {
  const exercise = exerciseNames(session, names) ?? t("athletes-workout");
  const held = heldTime(session);
  const facts = [held ? `${held} ${t("count-held")}` : t("athletes-repetitions", { count: session.repetitionCount }), session.accuracy !== null && t("athletes-form", { form: percent(session.accuracy) })];
  const startedId = `started-${session.sessionId}`; // tells the sessions of an exercise apart
  return h("li", { class: "athlete-row" },
    h("div", null, h("h3", null, exercise), h("p", { id: startedId, class: "muted" }, moment(session.startedAt)), h("p", null, facts.filter(Boolean).join(" · "))),
    keptRecording(session.recording)
      ? h("a", { class: "button", href: `/session_replay.html?${new URLSearchParams({ session: session.sessionId })}`, "aria-label": t("athletes-replay-of", { exercise }), "aria-describedby": startedId }, t("replay"))
      : h("a", { class: "button", href: `/#session=${encodeURIComponent(session.sessionId)}`, "aria-describedby": startedId }, t("home-open-session")));
}

/** Rows of the next page of the roster. */
async function athleteRows(): Promise<HTMLElement[]> {
  const { items, pageInfo } = await request(`/v1/athletes?${new URLSearchParams({ first: String(PAGE), ...(next && { after: next }) })}`);
  next = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  return items.map(rosterRow);
}

/** Rows of the next page of sessions. */
async function sessionRows(athlete: string): Promise<HTMLElement[]> {
  const names = await exercises();
  const { items, after } = sessionPage((await graphql(ATHLETE_SESSIONS, { athlete, first: PAGE, after: next })).sessions);
  next = after;
  return items.map((each) => sessionRow(each, names));
}

/** Load a page of the list, and append it. Pages without rows are passed over: all of their athletes are suspended. */
async function load() {
  let rows;
  do rows = await (athleteId ? sessionRows(athleteId) : athleteRows());
  while (!rows.length && next !== null);
  byId("list").append(...rows);
  byId("more").hidden = next === null;
  if (!byId("list").firstChild) byId("list").append(h("li", { class: "muted" }, athleteId ? t("athletes-no-session") : t("athletes-none")));
}

/** Show who trains now in the rows of the roster, and keep the focus. */
async function refresh() {
  const rows = [...byId("list").querySelectorAll("[data-athlete]")].slice(0, REFRESHED);
  if (document.hidden || rows.length === 0) return;
  const { items } = await request(`/v1/athletes?${new URLSearchParams({ first: String(REFRESHED) })}`); // not only as many as there are rows, because suspended athletes have none
  for (const athlete of items) {
    const shown = rows.find((row) => row.getAttribute("data-athlete") === athlete.athleteId);
    const row = rosterRow(athlete);
    if (!shown || shown.isEqualNode(row)) continue;
    const focused = shown.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    shown.replaceWith(row);
    const links = [...row.querySelectorAll("a")];
    if (focused) (links.find((link) => link.getAttribute("href") === focused) ?? links[0])?.focus();
  }
}

/** Ask trainers without a name for one, because athletes see it with each question. */
async function askForName() {
  const id = await athlete();
  if (useAccountStore.get().user === null) return; // without accounts, nobody has a name
  const [{ username }, profile] = await Promise.all([request("/v1/me/profile"), trainer(id)]);
  byId("unnamed").hidden = Boolean(username ?? profile);
}

/** Make an invitation and show its link. */
async function invite() {
  const { invitationId } = await send("POST", "/v1/athlete-invitations", {}, { "Idempotency-Key": key });
  const { expiresAt } = await request(`/v1/athlete-invitations/${encodeURIComponent(invitationId)}`);
  key = uniqueKey(); // not before: if that fails, the same invitation is shown next
  const link = `${location.origin}/account.html?${new URLSearchParams({ invitation: invitationId })}#trainers`;
  const shown = h("p", { class: "link", tabindex: -1 }, link);
  byId("invited").replaceChildren(h("div", { class: "invitation" }, h("p", null, t("athletes-link", { day: day(expiresAt) })), shown,
    h("div", { class: "choices" }, h("button", { class: "button", type: "button", onclick: () => void copy(shown) }, t("athletes-copy")))));
  shown.focus();
}

/** Copy the link, or select it where the browser does not allow that. */
async function copy(shown: HTMLElement) {
  try {
    await navigator.clipboard.writeText(shown.textContent ?? "");
    announce(t("athletes-copied"));
  } catch {
    getSelection()?.selectAllChildren(shown);
  }
}

/** Offer the live view of the session under way, or open it at once. */
function offerLive({ athleteId: athlete, lastSession }: Athlete) {
  byId("live").hidden = !lastSession?.live;
  if (!lastSession?.live) return;
  const watch = async () => {
    byId("watch").parentElement?.remove();
    byId("live-title").focus();
    const { LiveView } = await import("./live-view.ts"); // only for those who watch
    const { sessionId } = lastSession;
    const isLive = async () => {
      const { lastSession: latest } = await request(`/v1/athletes/${encodeURIComponent(athlete)}`);
      return latest?.sessionId === sessionId && latest.live;
    };
    const opener = () => h("a", { class: "button", href: `/#session=${encodeURIComponent(sessionId)}` }, t("home-open-session"));
    await new LiveView(sessionId, { isLive, opener }).open();
  };
  byId("watch").addEventListener("click", () => watch().catch(offerReload), { once: true });
  if (parameters.get("watch") === "live") watch().catch(offerReload);
}

/** Show the heading of one athlete. */
async function showAthlete(id: string) {
  const athlete = await request(`/v1/athletes/${encodeURIComponent(id)}`);
  byId("title").replaceChildren(h("bdi", null, nameOf(athlete)));
  document.title = `${nameOf(athlete)} · Kinelog`;
  byId("subtitle").textContent = t("athletes-since", { day: day(athlete.allowedAt) });
  byId("list-title").textContent = t("athletes-sessions");
  byId("back").setAttribute("href", "/athletes.html");
  byId("back").textContent = t("athletes-back");
  offerLive(athlete);
  offerReport(id);
  byId("assign-not-allowed").hidden = athlete.assign;
  if (!athlete.assign) return;
  const { AssignedWorkouts } = await import("./assigned-workouts.ts"); // only with the athlete's consent
  await new AssignedWorkouts(id).open();
}

async function open() {
  if (athleteId) await showAthlete(athleteId);
  byId("invite-box").hidden = athleteId !== null;
  await load();
  if (athleteId) return;
  await askForName();
  const again = () => void refresh().catch(() => {}); // the next one tries again
  setInterval(again, REFRESH_MS);
  document.addEventListener("visibilitychange", again);
}

byId("invite").addEventListener("click", () => void once(byId("invite"), invite));
loadMoreBy(byId("more"), byId("list"), load);
open()
  .catch(offerReload)
  .finally(() => byId("content").removeAttribute("aria-busy"));
