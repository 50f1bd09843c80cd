/**
 * Recommendations on the home page, each with its reason; those that are not wanted are dismissed.
 * @module
 */

import { athlete, Problem, request, send } from "../api/client.js";
import { hasSignedIn } from "../api/credentials.js";
import { words } from "../i18n/format.js";
import { t, textOr } from "../i18n/l10n.js";
import { planUrl } from "../plans/plan-card.js";
import { byId, h } from "../ui/dom.js";

const SHOWN = 4;

/** @typedef {{id: string, kind: "plan" | "workout" | "exercise" | "video", title: string, reason: string, excludedIf: {constraint: "time" | "equipment" | "injury", value: string}[], wanted: boolean}} Item */
/** @typedef {{id: string, recommendations: Item[]}} List */

/** @type {Record<Item["kind"], (id: string) => string>} */
const PAGES = {
  plan: planUrl,
  workout: (workout) => `/workout_player.html?${new URLSearchParams({ workout })}`,
  exercise: (exercise) => `/pose_realtime.html?${new URLSearchParams({ exercise })}`,
  video: (content) => `/watch.html?${new URLSearchParams({ content })}`,
};

/** Show the best recommendations of the signed-in user. @param {Promise<unknown>} overview what the page loads first */
export async function showRecommendations(overview) {
  try {
    await overview;
    if (!hasSignedIn()) return;
    const list = await load();
    render(list);
    const count = Math.min(list.recommendations.length, SHOWN);
    if (count > 0) await send("POST", `/v1/recommendations/${list.id}/views`, { count });
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the page is complete without recommendations
  }
}

/** @returns {Promise<List>} */
async function load() {
  const userId = await athlete();
  return request(`/v1/recommend?${new URLSearchParams({ userId, context: "home" })}`);
}

/** @param {List} list */
function render(list) {
  const items = list.recommendations.slice(0, SHOWN);
  byId("recommendations").hidden = items.length === 0;
  byId("recommended").replaceChildren(...items.map((item) => card(list, item)));
}

/** @param {List} list @param {Item} item */
function card(list, item) {
  const name = `recommended-${item.kind}-${item.id}`;
  const link = h("a", { id: name, href: PAGES[item.kind](item.id) }, h("bdi", null, item.title));
  link.addEventListener("click", () => void clicked(list, item));
  const dismiss = h("button", { class: "button", type: "button", "aria-describedby": name }, t("home-dismiss"));
  dismiss.addEventListener("click", () => void dismissed(item));
  const more = h("button", { class: "button", type: "button", "aria-pressed": String(item.wanted), "aria-describedby": name }, t("home-want-more"));
  more.addEventListener("click", () => void wanted(item));
  return h("li", { class: "recommended" },
    h("p", { class: "muted" }, t(`home-recommended-${item.kind}`)),
    h("h3", null, link), h("p", null, item.reason), why(item), h("div", { class: "choices" }, more, dismiss));
}

/** @param {string} constraint @param {string} value */
function valueText(constraint, value) {
  if (constraint === "time") return value;
  const name = constraint === "injury" ? textOr(`home-part-${value}`, words(value)) : textOr(`equipment-${value}`, words(value));
  return name.toLowerCase();
}

/** What would have to be different for an item not to be recommended. @param {Item} item */
function why({ excludedIf }) {
  if (excludedIf.length === 0) return null;
  const changes = excludedIf.map(({ constraint, value }) => h("li", null, t(`home-without-${constraint}`, { value: valueText(constraint, value) })));
  return h("details", { class: "why" }, h("summary", null, t("home-why-this")), h("p", null, t("home-not-here-if")), h("ul", null, changes));
}

/** Note a click. The browser leaves the page, so the request may outlive it. @param {List} list @param {Item} item */
async function clicked(list, { kind, id }) {
  try {
    await request(`/v1/recommendations/${list.id}/clicks`, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ kind, id }) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // the link works all the same
  }
}

/** Recommend more like an item, or take that back; the focus stays on its button. @param {Item} item */
async function wanted({ kind, id, title, wanted: isWanted }) {
  await send(isWanted ? "DELETE" : "PUT", `/v1/me/wanted-recommendations/${kind}/${encodeURIComponent(id)}`);
  render(await load());
  byId("dismissed").replaceChildren(t(isWanted ? "home-more-no-longer" : "home-more-wanted", { title }));
  const link = document.getElementById(`recommended-${kind}-${id}`);
  const again = /** @type {HTMLElement | null | undefined} */ (link?.closest("li")?.querySelector("button[aria-pressed]"));
  (again ?? byId("recommendations-title")).focus();
}

/** Never recommend an item again, unless the user takes that back. @param {Item} item */
async function dismissed({ kind, id, title }) {
  const path = `/v1/me/dismissed-recommendations/${kind}/${encodeURIComponent(id)}`;
  await send("PUT", path);
  render(await load());
  const undo = h("button", { class: "button", type: "button" }, t("undo"));
  undo.addEventListener("click", () => void restored(path));
  byId("dismissed").replaceChildren(t("home-dismissed", { title }), " ", undo);
  undo.focus();
}

/** @param {string} path of the dismissed item */
async function restored(path) {
  await send("DELETE", path);
  render(await load());
  byId("dismissed").replaceChildren();
  byId("recommendations-title").focus();
}
