/**
 * Recommendations on the home page, each with its reason; those that are not wanted are dismissed.
 * @module
 */

import { athlete, Problem, request, send, type Schemas } from "../api/client.ts";
import { hasSignedIn } from "../api/credentials.ts";
import { words } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { planUrl } from "../plans/plan-card.ts";
import { byId, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";

const SHOWN = 4;

/** Number of choices of the user, such as "Not for me": a list that was requested before the latest one is not shown. */
let choices = 0;

type List = Schemas["RecommendationList"];
type Item = List["recommendations"][number];

const PAGES: Record<Item["kind"], (id: string) => string> = {
  plan: planUrl,
  workout: (workout) => `/workout_player.html?${new URLSearchParams({ workout })}`,
  exercise: (exercise) => `/pose_realtime.html?${new URLSearchParams({ exercise })}`,
  video: (content) => `/watch.html?${new URLSearchParams({ content })}`,
};

/** Show the best recommendations of the signed-in user. @param overview what the page loads first */
export async function showRecommendations(overview: Promise<unknown>) {
  try {
    await overview;
    if (!hasSignedIn()) return;
    const before = choices;
    const list = await load();
    if (before !== choices) return; // a list after the choice follows
    render(list);
    const count = Math.min(list.recommendations.length, SHOWN);
    if (count > 0) await send("POST", `/v1/recommendations/${list.id}/views`, { count });
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the page is complete without recommendations
  }
}

async function load(): Promise<List> {
  const userId = await athlete();
  return request(`/v1/recommend?${new URLSearchParams({ userId, context: "home" })}`);
}

/** Load and show the list after a choice. @returns whether it is shown: false if the user has made another choice meanwhile */
async function showAfterChoice(): Promise<boolean> {
  const choice = ++choices;
  const list = await load();
  if (choice !== choices) return false;
  render(list);
  return true;
}

function render(list: List) {
  const items = list.recommendations.slice(0, SHOWN);
  byId("recommendations").hidden = items.length === 0;
  byId("recommended").replaceChildren(...items.map((item) => card(list, item)));
}

function card(list: List, item: Item) {
  const name = `recommended-${item.kind}-${item.id}`;
  const link = h("a", { id: name, href: PAGES[item.kind](item.id) }, h("bdi", null, item.title));
  link.addEventListener("click", () => void clicked(list, item));
  const dismiss = h("button", { class: "button", type: "button", "aria-describedby": name }, t("home-dismiss"));
  dismiss.addEventListener("click", () => void dismissed(item).catch(showError));
  const more = h("button", { class: "button", type: "button", "aria-pressed": String(item.wanted), "aria-describedby": name }, t("home-want-more"));
  more.addEventListener("click", () => void wanted(item).catch(showError));
  return h("li", { class: "recommended" },
    h("p", { class: "muted" }, t(`home-recommended-${item.kind}`)),
    h("h3", null, link), h("p", null, item.reason), why(item), h("div", { class: "choices" }, more, dismiss));
}

function valueText(constraint: string, value: string) {
  if (constraint === "time") return value;
  const name = constraint === "injury" ? textOr(`home-part-${value}`, words(value)) : textOr(`equipment-${value}`, words(value));
  return name.toLowerCase();
}

/** What would have to be different for an item not to be recommended. */
function why({ excludedIf }: Item) {
  if (excludedIf.length === 0) return null;
  const changes = excludedIf.map(({ constraint, value }) => h("li", null, t(`home-without-${constraint}`, { value: valueText(constraint, value) })));
  return h("details", { class: "why" }, h("summary", null, t("home-why-this")), h("p", null, t("home-not-here-if")), h("ul", null, changes));
}

/** Note a click. The browser leaves the page, so the request may outlive it. */
async function clicked(list: List, { kind, id }: Item) {
  try {
    await request(`/v1/recommendations/${list.id}/clicks`, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ kind, id }) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the link works all the same
  }
}

/** Recommend more like an item, or take that back; the focus stays on its button. */
async function wanted({ kind, id, title, wanted: isWanted }: Item) {
  await send(isWanted ? "DELETE" : "PUT", `/v1/me/wanted-recommendations/${kind}/${encodeURIComponent(id)}`);
  if (!await showAfterChoice()) return;
  byId("dismissed").replaceChildren(t(isWanted ? "home-more-no-longer" : "home-more-wanted", { title }));
  const link = document.getElementById(`recommended-${kind}-${id}`);
  const again = link?.closest("li")?.querySelector("button[aria-pressed]") as HTMLElement | null | undefined;
  (again ?? byId("recommendations-title")).focus();
}

/** Never recommend an item again, unless the user takes that back. */
async function dismissed({ kind, id, title }: Item) {
  const path = `/v1/me/dismissed-recommendations/${kind}/${encodeURIComponent(id)}` as const;
  await send("PUT", path);
  if (!await showAfterChoice()) return;
  const undo = h("button", { class: "button", type: "button" }, t("undo"));
  undo.addEventListener("click", () => void restored(path).catch(showError));
  byId("dismissed").replaceChildren(t("home-dismissed", { title }), " ", undo);
  undo.focus();
}

/** @param path of the dismissed item */
async function restored(path: string) {
  await send("DELETE", path);
  if (!await showAfterChoice()) return;
  byId("dismissed").replaceChildren();
  byId("recommendations-title").focus();
}
