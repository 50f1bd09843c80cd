/**
 * Plan browser: search, filter and sort plans; with `?trainer=ID` the public page of a trainer.
 * @module
 */

import "../ui/language-menu.ts";
import "../ui/site-header.ts";
import { athlete, Problem } from "../api/client.ts";
import { isTrainer } from "../stores/account.ts";
import { announce, byId, fieldOf, focusResult, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { foldFilters } from "../ui/filter-toggle.ts";
import { formatSearch, hasFilters, NAMES, parseFilters, queryOf, type Filters } from "./filters.ts";
import { EQUIPMENT, equipmentName, languageName, LANGUAGES, offerKeys, specialityName } from "./keys.ts";
import { planCard } from "./plan-card.ts";
import * as api from "./plan-api.ts";
import { offerRegions, region } from "./regions.ts";
import { texts } from "./texts.ts";
import type { Plan } from "./plan-api.ts";

/** Pause in typing, after which the search begins. */
const PAUSE_MS = 300;

let filters = parseFilters(location.search);
let shown: Plan[] = [];
/** Cursor of the next page. */
let next: string | null = null;
let loading = new AbortController();

/** Form fields of the filters; the trainer has none. */
const fields = NAMES.filter((name) => name !== "trainer");

/** @param isMore whether it is the next page */
async function load(isMore = false) {
  loading.abort();
  const mine = (loading = new AbortController());
  byId("plans").setAttribute("aria-busy", "true");
  try {
    const page = await api.plans(queryOf(filters, isMore ? next : null), mine.signal);
    const names = new Map(await Promise.all([...new Set(page.items.map(({ trainerId }) => trainerId))].map(async (id) => [id, await api.trainer(id)] as const)));
    if (mine.signal.aborted) return;
    shown = isMore ? [...shown, ...page.items] : page.items;
    next = page.after;
    const cards = page.items.map((plan) => planCard(plan, names.get(plan.trainerId) ?? null, region()));
    if (isMore) byId("plans").append(...cards);
    else byId("plans").replaceChildren(...cards);
    tell();
    if (isMore) focusResult(cards[0]);
  } catch (error) {
    if (mine.signal.aborted) return;
    if (!isMore) clearPlans();
    showError(error, { action: texts.tryAgain, onAction: () => void load(isMore) });
  } finally {
    if (mine === loading) byId("plans").setAttribute("aria-busy", "false");
  }
}

/** Remove the plans, which may be those of other filters. */
function clearPlans() {
  shown = [];
  next = null;
  byId("plans").replaceChildren();
  byId("more").hidden = byId("empty").hidden = true;
  byId("count").textContent = texts.loadFailed;
}

/** Show how many plans there are, or what to do if there are none. */
function tell() {
  byId("more").hidden = next === null;
  byId("count").textContent = texts.found(shown.length, next === null);
  byId("empty").hidden = shown.length > 0;
  if (shown.length > 0) return;
  byId("empty").replaceChildren(...(hasFilters(filters)
    ? [h("h2", null, texts.emptyFiltered), h("p", null, texts.emptyFilteredAdvice), h("button", { class: "button", type: "button", onclick: clear }, texts.clearFilters)]
    : [h("h2", null, texts.empty), h("p", null, texts.emptyAdvice), h("a", { class: "button", href: "/workout_player.html" }, texts.ownWorkouts)]));
}

/** Show the filters in the form. */
function fill() {
  for (const name of fields) byId<"select">(name).value = filters[name] || (name === "order" ? "published" : "");
}

/** @param isTyping typing leaves one entry in the history */
function choose(change: Partial<Filters>, isTyping = false) {
  const before = filters;
  filters = { ...filters, ...change };
  const address = `${location.pathname}${formatSearch(filters)}`;
  if (isTyping && before.text) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  void load();
}

function clear() {
  choose({ text: "", level: "", equipment: "", language: "", price: "" });
  fill();
  byId("text").focus();
}

/** Show the public page of a trainer above their plans. */
async function showTrainer(id: string) {
  byId("back").hidden = !id;
  byId("trainer").hidden = !id;
  fieldOf("language").hidden = Boolean(id);
  if (!id) return;
  const trainer = await api.trainer(id);
  if (!trainer) throw new Problem({ title: texts.trainerGone, detail: texts.trainerGoneAdvice, status: 404 });
  byId("title").replaceChildren(h("bdi", null, trainer.name));
  document.title = `${trainer.name} · Kinelog`;
  byId("subtitle").textContent = "";
  const facts = [[texts.speaks, trainer.languages.map(languageName)], [texts.specialities, trainer.specialities.map(specialityName)]].filter(([, list]) => list.length);
  byId("trainer").replaceChildren(
    trainer.description && h("p", { class: "plan-text", dir: "auto" }, trainer.description),
    h("dl", { class: "trainer-facts" }, facts.map(([name, list]) => h("div", null, h("dt", null, name), h("dd", null, (list as string[]).join(", "))))));
}

/** Lead trainers to the plan editor; without accounts, everybody may write plans. */
async function showEditor() {
  await athlete(); // loads the user
  byId("to-athletes").hidden = byId("to-studio").hidden = byId("to-editor").hidden = !isTrainer();
}

function open() {
  filters = parseFilters(location.search);
  fill();
  showTrainer(filters.trainer).catch(showError);
  void load();
}

let typing = 0;
for (const name of fields) {
  const read = (event: Event) => ({ [name]: (event.target as HTMLInputElement).value.trim() });
  if (name === "text") byId(name).addEventListener("input", (event: Event) => { clearTimeout(typing); typing = setTimeout(() => choose(read(event), true), PAUSE_MS); });
  else byId(name).addEventListener("change", (event: Event) => choose(read(event)));
}
byId("filter").addEventListener("submit", (event: Event) => event.preventDefault());
byId("more").addEventListener("click", () => void load(true));
addEventListener("popstate", open);
offerKeys(byId<"select">("equipment"), EQUIPMENT, equipmentName);
offerKeys(byId<"select">("language"), LANGUAGES, languageName);
offerRegions(byId<"select">("region"), () => { announce(texts.found(shown.length, next === null)); void load(); });
open();
foldFilters(hasFilters(filters));
showEditor().catch(showError);
