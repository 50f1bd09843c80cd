/**
 * Workouts from trainers that are over: done, declined or taken back, page by page.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { once } from "../ui/questions.ts";
import { calendarDay } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";

type Assignment = Schemas["Assignment"];

const PAGE = 10;
const STATES = { assigned: t("assign-state-assigned"), begun: t("assign-state-begun"), done: t("assign-state-done"), declined: t("assign-state-declined"), withdrawn: t("assign-state-withdrawn") };

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };

function card({ assignmentId, trainerName, name, dueOn, state, sessionId }: Assignment) {
  const id = `ended-${assignmentId}`;
  return h("li", { class: "assigned-card" },
    h("h3", { id, tabindex: -1 }, h("bdi", null, name || t("assigned-workout"))),
    h("p", { class: "muted" }, h("bdi", null, trainerName ?? t("trainers-unnamed")), ` · ${calendarDay(dueOn, DATE)} · ${STATES[state]}`),
    state === "done" && sessionId && h("div", { class: "choices" }, h("a", { class: "button", href: `/#session=${encodeURIComponent(sessionId)}`, "aria-describedby": id }, t("home-open-session"))));
}

/** Load a page and show it. @param after cursor of the page before; null: the first one */
async function load(after: string | null) {
  const query = new URLSearchParams({ first: String(PAGE), ...(after && { after }) });
  const { items, pageInfo } = await request(`/v1/me/assignments/ended?${query}`);
  const cards = items.map(card);
  if (after === null) byId("ended").replaceChildren(...cards);
  else byId("ended").append(...cards);
  byId("ended-box").hidden = byId("ended").childElementCount === 0;
  const more = byId<"button">("ended-more");
  more.hidden = !pageInfo.hasNextPage;
  more.onclick = () => void once(more, () => load(pageInfo.endCursor));
  if (after !== null) cards[0]?.querySelector("h3")?.focus();
}

/** Show the latest of them. Without a connection, nothing is shown. */
export async function showEnded() {
  try {
    await load(null);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status !== 0) showError(error, { kept: undefined, action: t("try-again"), onAction: () => void showEnded() });
  }
}
