/**
 * Session list page: find, sort, rename, tag and delete sessions.
 * @module
 */

import "../ui/site-header.ts";

import * as api from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { isPartOfDay, showDay } from "../ui/date-field.ts";
import { announce, byId, h } from "../ui/dom.ts";
import { foldFilters } from "../ui/filter-toggle.ts";
import { exportButtons } from "./export-buttons.ts";
import { deleteAll } from "./bulk-delete.ts";
import { Row } from "./session-row.ts";
import { showStorage } from "./storage-used.ts";
import { exportPath, hasFilters, formatSearch, queryVariables, parseFilters, type Filters } from "./filters.ts";
import { daysOf, isPeriod, periodOf } from "./period-filter.ts";
import { todayIn } from "../i18n/calendar.ts";
import { firstDayOfWeek } from "../i18n/display-settings.ts";
import { person } from "../i18n/units.ts";
import { SESSION_LIST } from "../api/queries.ts";
import { trainable } from "../api/custom-exercises.ts";
import { t } from "../i18n/l10n.ts";

type Result = import("../api/graphql.ts").Result<typeof SESSION_LIST>["sessions"];

/** Form fields and their filters. */
const FIELDS: [string, keyof Filters][] = [["exercise", "exercise"], ["form", "form"], ["recorded", "recorded"], ["tag", "tag"], ["completed", "completed"]];

/** Fields of days, which have the names of their filters. */
const DAYS = ["since", "until"] as const;

const list = byId("sessions");
let today = todayIn();
let rows: Row[] = [];
let asking: AbortController | null = null;

/** The athlete, and the time zone of the days. */
async function who(): Promise<{zone: string, athlete: string | null}> {
  const { zone, signedIn } = await person();
  return { zone, athlete: signedIn };
}

/** Fill the form with the filters in the URL. */
function fill(filters: Filters) {
  byId<"select">("period").value = periodOf(filters, today, firstDayOfWeek());
  for (const [id, word] of FIELDS) byId<"select">(id).value = String(filters[word]);
  for (const id of DAYS) showDay(byId<"input">(id), filters[id]);
  byId<"select">("order").value = filters.ascending ? `${filters.sort} ascending` : filters.sort;
  byId("clear").hidden = !hasFilters(filters);
}

/** Go to other filters and show the list. */
function go(filters: Filters) {
  history.pushState(null, "", `${location.pathname}${formatSearch(filters)}`);
  return show();
}

/** URL of the list with this tag as additional filter. */
function tagged(tag: string) {
  return `${location.pathname}${formatSearch({ ...parseFilters(location.search), tag, after: "", before: "" })}`;
}

/** Enter the days of the selected period. */
function enterDays() {
  const name = byId<"select">("period").value;
  if (name === "days") return;
  const { since, until } = isPeriod(name) ? daysOf(name, today, firstDayOfWeek()) : parseFilters("");
  byId<"input">("since").value = since;
  byId<"input">("until").value = until;
}

/** Read the filters from the form; a change starts at the first page. */
function chosen(): Filters {
  const before = parseFilters(location.search);
  const values = Object.fromEntries(FIELDS.map(([id, word]) => [word, byId<"select">(id).value]));
  const [since, until] = DAYS.map((id) => (isPartOfDay(byId<"input">(id)) ? before[id] : byId<"input">(id).value));
  const [sort, turned] = byId<"select">("order").value.split(" ");
  return { ...parseFilters(""), ...values, since, until, days: before.days, sort: sort as Filters["sort"], ascending: turned === "ascending" };
}

/** Show the list for the filters in the URL. */
async function show() {
  const filters = parseFilters(location.search);
  asking?.abort();
  const mine = (asking = new AbortController());
  list.setAttribute("aria-busy", "true");
  byId("banner").replaceChildren(); // the undo notice stays while the user browses
  try {
    const [exercises, whose] = await Promise.all([listExercises(), who()]);
    today = todayIn(whose.zone);
    if (mine.signal.aborted) return; // other filters were chosen
    fill(filters);
    byId("zone").textContent = zoneText(filters, whose.zone.replaceAll("_", " "));
    const { sessions } = await api.graphql(SESSION_LIST, queryVariables(filters, whose), mine.signal);
    const around = { exercises, onPick: picked, tagged };
    rows = sessions.edges.map(({ node }) => new Row(node, around));
    turnTo(filters, sessions.pageInfo);
    settle(filters);
    announce(t("sessions-shown", { count: rows.length }));
  } catch (error) {
    if (mine.signal.aborted) return;
    refused(error);
  } finally {
    if (mine === asking) list.setAttribute("aria-busy", "false");
  }
}

function zoneText(filters: Filters, zone: string) {
  return filters.days === "own" ? t("times-in-own-days", { zone }) : t("times-in", { zone });
}

let listed: Promise<Map<string, api.Exercise>> | null = null;

/** Fill the exercise filter, once. */
function listExercises() {
  listed ??= trainable().then((exercises) => {
    const all = [...exercises.values()].sort((a, b) => a.name.localeCompare(b.name));
    byId("exercise").append(...all.map(({ id, name }) => h("option", { value: id }, name)));
    return exercises;
  }, (error) => { listed = null; throw error; });
  return listed;
}

/** Set the links to the previous and next page. */
function turnTo(filters: Filters, info: Result["pageInfo"]) {
  const turn = (id: string, is: boolean, cursors: {before?: string, after?: string}) => {
    byId(id).hidden = !is;
    byId(id).setAttribute("href", `${location.pathname}${formatSearch({ ...filters, after: "", before: "", ...cursors })}`);
  };
  turn("previous", info.hasPreviousPage, { before: info.startCursor ?? "" });
  turn("next", info.hasNextPage, { after: info.endCursor ?? "" });
}

/** If the focused button is gone, move the focus to the top of the list. */
function holdFocus() {
  const { activeElement } = document;
  if (activeElement === document.body || !activeElement?.checkVisibility()) byId("title").focus({ preventScroll: true });
}

/** Whether there is another page. */
function goesOn() {
  return !byId("previous").hidden || !byId("next").hidden;
}

/** Show the rows. */
function settle(filters: Filters = parseFilters(location.search)) {
  list.replaceChildren(...rows.map((row) => row.element));
  list.hidden = byId("bulk").hidden = rows.length === 0;
  byId("empty").hidden = rows.length > 0;
  byId("empty").replaceChildren(...(rows.length ? [] : emptiness(filters)));
  picked();
}

function emptiness(filters: Filters) {
  if (hasFilters(filters)) return [h("h2", null, t("no-matching-sessions")), h("p", null, t("clear-to-see-all"))];
  if (filters.after || filters.before) return [h("h2", null, t("no-more-sessions")), h("p", null, h("a", { href: location.pathname }, t("to-first-page")))];
  return [h("h2", null, t("home-no-sessions")), h("p", null, h("a", { href: "/pose_realtime.html" }, t("coach-title")), ` ${t("or")} `, h("a", { href: "/" }, t("analyze-a-video")))];
}

/** Update the selection controls. */
function picked() {
  const count = rows.filter((row) => row.pick.checked).length;
  byId<"input">("all").checked = count > 0 && count === rows.length;
  byId<"input">("all").indeterminate = count > 0 && count < rows.length;
  byId("delete").textContent = count ? t("delete-sessions", { count }) : t("delete");
  byId("delete").setAttribute("aria-disabled", String(count === 0));
}

/** Show why there are no sessions; the rows may be those of other filters. */
function refused(error: unknown) {
  if (!(error instanceof api.Problem)) throw error;
  rows = [];
  list.replaceChildren();
  for (const id of ["bulk", "empty", "previous", "next"]) byId(id).hidden = true;
  showProblem({ title: t("sessions-not-loaded"), detail: error.message, reference: error.reference }, { kept: t("sessions-safe"), action: t("try-again"), onAction: () => void show() });
}

/** Delete the selected sessions. Rows are remembered, so that undo restores them in place if the same list is shown. */
async function deletePicked() {
  const wanted = rows.filter((row) => row.pick.checked);
  if (!wanted.length) {
    announce(t("select-first"));
    return;
  }
  const [before, shown] = [rows, asking];
  const gone: Set<Row> = new Set();
  const changed = async () => {
    void showStorage();
    const left = before.filter((row) => !gone.has(row));
    if (shown !== asking || (left.length === 0 && goesOn())) await show();
    else {
      rows = left;
      settle();
    }
    holdFocus();
  };
  await deleteAll(wanted, {
    gone: (done) => { for (const row of done) { gone.add(row); row.pick.checked = false; } void changed(); },
    back: (done) => { for (const row of done) gone.delete(row); void changed(); },
  });
}

foldFilters(hasFilters(parseFilters(location.search)));
byId("period").addEventListener("change", enterDays); // before the form is read
byId("filter").addEventListener("change", ({ target }: Event) => { if (!isPartOfDay(target as HTMLInputElement)) void go(chosen()); });
byId("filter").addEventListener("focusout", () => { // browsers report only the first of the parts of a day that are deleted
  const [now, before] = [chosen(), parseFilters(location.search)];
  if (DAYS.some((id) => now[id] !== before[id])) void go(now);
});
byId("filter").addEventListener("submit", (event: Event) => event.preventDefault());
byId("clear").addEventListener("click", () => {
  for (const id of DAYS) byId<"input">(id).value = ""; // also a part of a day
  void go(parseFilters(""));
  byId("period").focus();
});
byId("all").addEventListener("change", () => {
  for (const row of rows) row.pick.checked = byId<"input">("all").checked;
  picked();
});
byId("delete").addEventListener("click", () => void deletePicked());
list.addEventListener("click", (event: MouseEvent) => {
  const chip = (event.target as Element).closest<HTMLElement>("[data-tag]");
  if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void go({ ...parseFilters(location.search), tag: chip.dataset.tag ?? "", after: "", before: "" }).then(() => byId("title").focus({ preventScroll: true }));
});
for (const id of ["previous", "next"]) {
  byId(id).addEventListener("click", (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", byId<"a">(id).href);
    void show().then(() => { byId("title").focus({ preventScroll: true }); scrollTo(0, 0); });
  });
}
byId("clear").before(exportButtons(async (format) => exportPath(parseFilters(location.search), await who(), format)));
addEventListener("popstate", () => void show());
void show();
void showStorage();
