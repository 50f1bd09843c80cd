/**
 * Recent sessions of the home page: newest first, filtered by exercise, with paging.
 * @module
 */

import "../exercises/exercise-poster.ts";
import * as api from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { exerciseNames } from "../session/exercise-names.ts";
import { sessionCount } from "../session/session-count.ts";
import { announce, byId, focusResult, h, svg } from "../ui/dom.ts";
import { energy, formBadge, length, moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { Overview } from "./overview.ts";

const SCORE_WIDTH = 76;

/** @param score 0..100 @returns a bar; the number is shown beside it */
function scoreLine(score: number): SVGSVGElement {
  const filled = (SCORE_WIDTH - 2) * Math.min(Math.max(score / 100, 0), 1);
  return svg("svg", { class: "score-line", viewBox: `0 0 ${SCORE_WIDTH} 8`, "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("rect", { x: 1, y: 1, width: SCORE_WIDTH - 2, height: 6, rx: 3 }),
    svg("rect", { class: "filled", x: 1, y: 1, width: filled, height: 6, rx: 3 }));
}

function scoreMark(score: number | undefined) {
  if (score === undefined) return null;
  return h("p", { class: "score" }, h("span", null, h("b", null, Math.round(score)), " / 100"), h("span", { class: "visually-hidden" }, " ", t("performance")), scoreLine(score));
}

function row(session: api.ListedSession, exercises: Map<string, api.Exercise>) {
  const name = exerciseNames(session, exercises) ?? t("no-exercise");
  const facts = [
    h("span", null, moment(session.startedAt)),
    h("span", null, session.status === "COMPLETED" ? length(session.durationMs) : t("in-progress")),
    session.caloriesKcal > 0 && h("span", null, energy(session.caloriesKcal)),
    session.countedBy?.source === "MANUAL" && h("span", null, t("logged-by-hand")),
  ];
  return h("li", { class: "session-row" },
    h("exercise-poster", { exercise: session.exerciseId ?? "" }),
    h("div", { class: "session-text" },
      h("h3", { class: "session-name" }, h("a", { href: `/#session=${encodeURIComponent(session.sessionId)}` }, name)),
      h("p", { class: "session-facts" }, facts)),
    h("div", { class: "session-marks" }, formBadge(session.accuracy), scoreMark(session.performance?.score)),
    sessionCount(session));
}

function emptiness(filtered: boolean, showAll: () => void) {
  if (filtered) {
    return [h("h3", null, t("home-none-with-exercise")), h("p", null, t("home-try-another")),
      h("button", { class: "button", type: "button", onclick: showAll }, t("home-show-all"))];
  }
  const steps = [
    [t("home-step-phone"), t("home-step-phone-how")],
    [t("home-start-training"), t("home-step-train")],
    [t("home-step-result"), t("home-step-result-what")],
  ];
  return [h("h3", null, t("home-no-sessions")),
    h("p", null, t("home-first-one")),
    h("ol", null, steps.map(([title, text]) => h("li", null, h("strong", null, title), h("span", null, text)))),
    h("p", null, t("home-filmed-already"), " ", h("a", { href: "#upload" }, t("home-upload-the-video")))];
}

/** Shows pages of sessions in #sessions. */
export class SessionList {
  onLatest: (latest: api.ListedSession | undefined, exercises: Map<string, api.Exercise>) => void;
  rows: HTMLElement;
  more: HTMLButtonElement;
  filter: HTMLSelectElement;
  after: string | null;
  loaded: boolean;
  asking: AbortController | null;

  /** @param onLatest called with the latest session, or undefined if there is none */
  constructor(onLatest: (latest: api.ListedSession | undefined, exercises: Map<string, api.Exercise>) => void) {
    this.onLatest = onLatest;
    this.rows = byId("sessions");
    this.more = byId<"button">("more");
    this.filter = byId<"select">("filter-exercise");
    this.after = null;
    this.loaded = false;
    this.asking = null;
    this.more.addEventListener("click", () => void this.next());
    this.filter.addEventListener("change", () => { this.loaded = false; void this.show(); });
    void this.fillFilter();
  }

  /** Reload the list the next time it is shown. */
  forget() {
    this.loaded = false;
  }

  async fillFilter() {
    try {
      const all = [...(await api.exercises()).values()].sort((a, b) => a.name.localeCompare(b.name));
      this.filter.append(...all.map(({ id, name }) => h("option", { value: id }, name)));
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error; // the list works without the filter, and `page` shows the problem
    }
  }

  /** Load the first page unless it is shown already. @param overview what the page loads when it opens */
  async show(overview?: Promise<Overview>) {
    if (this.loaded) return;
    this.after = null;
    const first = this.filter.value ? undefined : overview?.then(({ sessions }) => sessions);
    await this.page((rows) => this.rows.replaceChildren(...rows), first);
  }

  /** Append the next page. */
  async next() {
    const count = this.rows.children.length;
    await this.page((rows) => this.rows.append(...rows));
    focusResult(this.rows.children[count] as HTMLElement | undefined);
  }

  /** @param loaded the page, if it is being loaded already */
  async page(place: (rows: HTMLElement[]) => void, loaded?: Promise<{items: api.ListedSession[], after: string | null}>) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.rows.setAttribute("aria-busy", "true");
    try {
      const page = await (loaded ?? api.sessions({ after: this.after, exercise: this.filter.value || null }, asking.signal));
      const exercises = await api.exercisesFor(page.items.map(({ exerciseId }) => exerciseId));
      if (asking.signal.aborted) return;
      if (this.after === null && !this.filter.value) this.onLatest(page.items[0], exercises);
      this.after = page.after;
      this.loaded = true;
      place(page.items.map((session) => row(session, exercises)));
      this.settle();
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof api.Problem)) throw error;
      this.refused(error);
    } finally {
      if (this.asking === asking) this.rows.setAttribute("aria-busy", "false");
    }
  }

  settle() {
    const count = this.rows.children.length;
    const empty = byId("sessions-empty");
    this.rows.hidden = count === 0;
    this.more.hidden = this.after === null;
    empty.hidden = count > 0;
    for (const each of [byId("history-links"), this.filter.closest("label")]) each?.toggleAttribute("hidden", count === 0 && !this.filter.value);
    const showAll = () => { this.filter.value = ""; this.loaded = false; void this.show(); };
    if (!count) empty.replaceChildren(...emptiness(this.filter.value !== "", showAll));
    if (!byId("list-view").hidden) announce(t(this.after ? "sessions-shown-more" : "sessions-shown", { count }));
  }

  refused(error: api.Problem) {
    if (this.after === null) this.rows.replaceChildren(); // they are placeholders, or sessions of another exercise
    this.more.hidden = this.after === null;
    showProblem({ title: t("sessions-not-loaded"), detail: error.message, reference: error.reference }, {
      kept: t("sessions-safe"), action: t("try-again"), onAction: () => void this.show(),
    });
  }
}
