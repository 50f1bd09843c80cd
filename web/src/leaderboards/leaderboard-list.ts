/**
 * Leaderboard element: filters and table.
 * @module
 */

import * as api from "../api/client.ts";
import { MEASURES, PERIODS, formatSearch, today, shiftDay, queryVariables, parseFilters, type Filters } from "./filters.ts";
import { formatNumber, daysOf, place, formatFigure } from "./labels.ts";
import { clearBanner } from "../ui/banner.ts";
import { focusResult, h, isPresent } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";
import { LEADERBOARD } from "../api/queries.ts";
import { requiresSignIn, signInPath } from "../api/credentials.ts";

/** Rows per page, and rows around the user. */
const PAGE = 20;
const AROUND = 9;

/** Below this number of members, the page says that ranks mean little. */
const FEW = 3;

type Result = import("../api/graphql.ts").Result<typeof LEADERBOARD>["leaderboard"];
type Entry = Result["edges"][number]["node"];

let instances = 0;

/**
 * `<leader-boards>`: filters and a table. `filters` is what is shown; `member` whether the user has
 * joined (null: unknown). `load()` reloads. Fires `chosen` when the user changes a filter.
 */
export class Leaderboards extends HTMLElement {
  #filters = parseFilters("");
  #member: boolean | null = null;
  #asking: AbortController | null = null;
  /** The latest result. */
  #result: Result | null = null;
  #best = 0;
  #id = `leader-boards-${(instances += 1)}`;

  #measure = this.#select("measure", Object.entries(MEASURES));
  #exercise = this.#select("exercise", [["", t("boards-all")]]);
  #period = this.#select("period", Object.entries(PERIODS));
  #earlier = h("button", { class: "button", type: "button", onclick: () => this.#choose({ on: shiftDay(this.#filters, today(), -1) }) }, t("earlier"));
  #later = h("button", { class: "button", type: "button", hidden: true, onclick: () => this.#choose({ on: shiftDay(this.#filters, today(), 1) }) }, t("later"));
  #around = h("button", { class: "button", type: "button", "aria-pressed": "false", onclick: () => this.#choose({ around: !this.#filters.around }) }, t("boards-around"));
  #days = h("b", { class: "board-days" });
  #status = h("p", { class: "board-status", role: "status" });
  #head = h("th", { scope: "col", class: "figure" });
  #caption = h("caption", { class: "visually-hidden" });
  #rows = h("tbody");
  #table: HTMLTableElement = h("table", { class: "data board", hidden: true }, this.#caption,
    h("thead", null, h("tr", null, h("th", { scope: "col" }, t("boards-rank")), h("th", { scope: "col" }, t("pseudonym")), this.#head)), this.#rows);
  #empty = h("div", { class: "empty", hidden: true });
  #more = h("button", { class: "button", type: "button", hidden: true, onclick: () => void this.#next() }, t("show-more"));

  connectedCallback() {
    if (this.firstChild) return;
    this.append(
      h("div", { class: "board-choice", role: "group", "aria-label": t("boards-which") },
        this.#field(t("boards-ranked-by"), this.#measure), this.#field(t("exercise"), this.#exercise), this.#field(t("period"), this.#period)),
      h("div", { class: "board-pager" }, this.#earlier, this.#days, this.#later, this.#around),
      this.#status, this.#table, this.#empty, this.#more);
    void this.load();
  }

  disconnectedCallback() {
    this.#asking?.abort();
  }

  get filters() {
    return this.#filters;
  }

  set filters(filters: Filters) {
    this.#filters = filters;
    if (this.isConnected) void this.load();
  }

  set member(member: boolean | null) {
    this.#member = member;
    if (this.#result) this.#tell(this.#result);
  }

  /** Query string of the filters. */
  get search() {
    return formatSearch(this.#filters);
  }

  /** Load the first page. */
  async load() {
    await this.#ask(null);
  }

  async #next(): Promise<void> {
    if (this.getAttribute("aria-busy") === "true") return;
    clearBanner();
    const before = this.#rows.rows.length;
    await this.#ask(this.#result?.pageInfo.endCursor ?? null);
    focusResult(this.#rows.rows[before]?.cells[1]);
  }

  async #ask(after: string | null) {
    this.#asking?.abort();
    const mine = (this.#asking = new AbortController());
    this.setAttribute("aria-busy", "true");
    try {
      await this.#offerExercises();
      this.#fill();
      const first = this.#filters.around && !after ? AROUND : PAGE;
      const day = after && this.#result ? this.#result.start : today(); // a cursor belongs to the period of its page, even after midnight
      const { leaderboard } = await api.graphql(LEADERBOARD, queryVariables(this.#filters, day, first, after), mine.signal);
      this.#show(leaderboard, after === null);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof api.Problem)) throw error;
      if (after) showError(error); // the rows that are shown stay, and so does the button
      else this.#refused(error);
    } finally {
      if (mine === this.#asking) this.setAttribute("aria-busy", "false");
    }
  }

  #show(result: Result, isFirst: boolean) {
    this.#result = result;
    this.#days.textContent = daysOf(this.#filters.period, result.start, result.end);
    const hasFocus = this.#later.matches(":focus");
    this.#later.hidden = result.end >= today();
    if (hasFocus && this.#later.hidden) this.#earlier.focus();
    const name = MEASURES[this.#filters.measure];
    this.#head.textContent = name;
    this.#caption.textContent = `${name}, ${this.#days.textContent}`;
    const entries = result.edges.map(({ node }) => node);
    if (isFirst) this.#best = Math.max(...entries.map(({ figure }) => figure), 0);
    const rows = entries.map((entry) => this.#row(entry));
    if (isFirst) this.#rows.replaceChildren(...rows);
    else this.#rows.append(...rows);
    this.#more.hidden = !result.pageInfo.hasNextPage;
    this.#tell(result);
  }

  /** Show the texts around the table. */
  #tell(result: Result) {
    this.#table.hidden = this.#rows.rows.length === 0;
    this.#empty.hidden = !this.#table.hidden;
    this.#empty.replaceChildren(...(this.#table.hidden ? this.#emptiness(result.entries) : []));
    this.#status.textContent = this.#sentence(result);
  }

  #row({ rank, pseudonym, figure, mine }: Entry) {
    const bar = h("span", { class: "board-bar", "aria-hidden": "true" });
    bar.style.inlineSize = `${this.#best ? Math.min(100, (100 * figure) / this.#best) : 0}%`;
    return h("tr", { class: mine && "mine" },
      h("td", { class: "rank" }, rank),
      h("th", { scope: "row" }, h("bdi", null, pseudonym), mine && h("span", { class: "you-badge" }, t("boards-you"))),
      h("td", { class: "figure" }, h("span", null, formatNumber(this.#filters.measure, figure)), bar));
  }

  #sentence({ entries, me }: Result) {
    if (!entries) return "";
    const few = entries < FEW ? ` ${t("boards-few")}` : "";
    if (me) return entries === 1 ? t("boards-alone") : t("boards-place", { place: place(me.rank), entries, figure: formatFigure(this.#filters.measure, me.figure) }) + few;
    return this.#member === true ? t("boards-no-own-result") + few : t("boards-not-listed") + few;
  }

  #emptiness(entries: number) {
    if (entries) return [h("h2", null, t("boards-not-listed-title")), h("p", null, t("boards-see-all"))];
    if (this.#member === true) return [h("h2", null, t("boards-empty")), h("p", null, t("boards-be-first"), " ", h("a", { href: "/pose_realtime.html" }, t("boards-train")), ".")];
    return [h("h2", null, t("boards-empty")), h("p", null, t("boards-empty-why"))];
  }

  #refused(problem: InstanceType<typeof api.Problem>) {
    this.#result = null;
    this.#table.hidden = this.#more.hidden = true;
    this.#rows.replaceChildren();
    this.#empty.hidden = false;
    this.#status.textContent = t("boards-not-loaded");
    const signIn = h("p", null, h("a", { href: signInPath() }, t("nav-sign-in")), " ", t("boards-sign-in-why"));
    const again = h("button", { class: "button", type: "button", onclick: () => void this.load() }, t("try-again"));
    this.#empty.replaceChildren(...(requiresSignIn(problem)
      ? [h("h2", null, t("boards-for-members")), signIn]
      : [h("h2", null, problem.title), problem.detail !== problem.title && h("p", null, problem.detail ?? ""), problem.reference && h("p", { class: "muted" }, t("reference"), " ", h("code", null, problem.reference)), again].filter(isPresent)));
  }

  #choose(change: Partial<Filters>) {
    this.#filters = { ...this.#filters, ...change };
    this.dispatchEvent(new CustomEvent("chosen"));
    void this.load();
  }

  #fill() {
    this.#measure.value = this.#filters.measure;
    this.#period.value = this.#filters.period;
    this.#exercise.value = this.#filters.exercise;
    this.#around.setAttribute("aria-pressed", String(this.#filters.around));
  }

  async #offerExercises() {
    if (this.#exercise.options.length > 1) return;
    const exercises = [...(await api.exercises()).values()].sort((a, b) => a.name.localeCompare(b.name));
    if (this.#exercise.options.length === 1) this.#exercise.append(...exercises.map(({ id, name }) => h("option", { value: id }, name)));
  }

  #select(name: string, options: string[][]) {
    const change = (event: Event & {currentTarget: HTMLSelectElement}) => this.#choose({ [name]: event.currentTarget.value });
    return h("select", { id: `${this.#id}-${name}`, onchange: change }, options.map(([value, label]) => h("option", { value }, label)));
  }

  #field(label: string, select: HTMLSelectElement) {
    return h("label", { class: "field", for: select.id }, h("span", null, label), select);
  }
}

customElements.define("leader-boards", Leaderboards);

declare global {
  interface HTMLElementTagNameMap { "leader-boards": Leaderboards }
}
