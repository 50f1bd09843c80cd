/**
 * Recent sessions of the home page: newest first, filtered by exercise, with paging.
 * @module
 */

import * as api from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { announce, byId, h, svg } from "../ui/dom.js";
import { counted, energy, formBadge, length, moment, words } from "../i18n/format.js";

const SCORE_WIDTH = 76;

/** @param {number} score 0..100 @returns {SVGSVGElement} a bar; the number is shown beside it */
function scoreLine(score) {
  const filled = (SCORE_WIDTH - 2) * Math.min(Math.max(score / 100, 0), 1);
  return svg("svg", { class: "score-line", viewBox: `0 0 ${SCORE_WIDTH} 8`, "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("rect", { x: 1, y: 1, width: SCORE_WIDTH - 2, height: 6, rx: 3 }),
    svg("rect", { class: "filled", x: 1, y: 1, width: filled, height: 6, rx: 3 }));
}

/** @param {number | undefined} score */
function scoreMark(score) {
  if (score === undefined) return null;
  return h("p", { class: "score" }, h("span", null, h("b", null, Math.round(score)), " / 100"), h("span", { class: "visually-hidden" }, " performance"), scoreLine(score));
}

/**
 * @param {any} session a node of the query SESSIONS
 * @param {Map<string, api.Exercise>} exercises
 */
function row(session, exercises) {
  const name = session.exerciseId ? (exercises.get(session.exerciseId)?.name ?? words(session.exerciseId)) : "No exercise";
  const facts = [
    h("span", null, moment(session.startedAt)),
    h("span", null, session.status === "COMPLETED" ? length(session.durationMs) : "in progress"),
    h("span", null, energy(session.caloriesKcal)),
    !session.recording && h("span", null, "logged manually"),
  ];
  const reps = session.repetitionCount;
  return h("li", { class: "session-row" },
    h("p", { class: "session-count" }, h("b", null, reps), h("span", null, reps === 1 ? "rep" : "reps")),
    h("div", null,
      h("h3", { class: "session-name" }, h("a", { href: `/#session=${encodeURIComponent(session.sessionId)}` }, name)),
      h("p", { class: "session-facts" }, facts)),
    h("div", { class: "session-marks" }, formBadge(session.accuracy), scoreMark(session.performance?.score)));
}

/** @param {boolean} filtered @param {() => void} showAll */
function emptiness(filtered, showAll) {
  if (filtered) {
    return [h("h3", null, "No sessions with this exercise"), h("p", null, "Try another exercise, or show all sessions."),
      h("button", { class: "button", type: "button", onclick: showAll }, "Show all exercises")];
  }
  const steps = [
    ["Film one set", "Put your phone on the floor or a bench, 2 to 4 meters away, with your whole body in the picture."],
    ["Choose the video", "Drop it on “Analyze a video”. It stays on this server."],
    ["See the results", "Repetitions, tempo, range of motion and form, shown on your own video."],
  ];
  return [h("h3", null, "No sessions yet"),
    h("p", null, "How to record your first session:"),
    h("ol", null, steps.map(([title, text]) => h("li", null, h("strong", null, title), h("span", null, text))))];
}

/** Shows pages of sessions in #sessions. */
export class SessionList {
  constructor() {
    this.rows = byId("sessions");
    this.more = byId("more");
    this.filter = byId("filter-exercise");
    /** @type {string | null} */
    this.after = null;
    this.loaded = false;
    /** @type {AbortController | null} */
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

  /** Load the first page unless it is shown already. */
  async show() {
    if (this.loaded) return;
    this.after = null;
    await this.page((rows) => this.rows.replaceChildren(...rows));
  }

  /** Append the next page. */
  async next() {
    const count = this.rows.children.length;
    await this.page((rows) => this.rows.append(...rows));
    this.rows.children[count]?.querySelector("a").focus();
  }

  /** @param {(rows: HTMLElement[]) => void} place */
  async page(place) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.rows.setAttribute("aria-busy", "true");
    try {
      const [page, exercises] = await Promise.all([
        api.sessions({ after: this.after, exercise: this.filter.value || null }, asking.signal), api.exercises()]);
      if (asking.signal.aborted) return;
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
    const showAll = () => { this.filter.value = ""; this.loaded = false; void this.show(); };
    if (!count) empty.replaceChildren(...emptiness(this.filter.value !== "", showAll));
    announce(`${counted(count, "session")} shown${this.after ? ", more can be loaded" : ""}.`);
  }

  /** @param {api.Problem} error */
  refused(error) {
    for (const ghost of this.rows.querySelectorAll(".ghost")) ghost.remove();
    showProblem({ title: "The sessions could not be loaded.", detail: error.message, reference: error.reference }, {
      kept: "Your sessions are safe.", action: "Try again", onAction: () => void this.show(),
    });
  }
}
