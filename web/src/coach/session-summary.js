/**
 * Session summary element, shown at the end of a session.
 * @module
 */

import "../ui/new-achievements.js";
import { h } from "../ui/dom.js";
import { length } from "../i18n/format.js";
import { REASONS } from "../session/repetition-table.js";
import { summary } from "../session/performance-summary.js";
import { t } from "../i18n/l10n.js";

/** Number of cues to show. */
const POINTS = 3;

/** @param {any} session @param {number} set */
function setRow(session, set) {
  const mine = (/** @type {{set: number}} */ each) => each.set === set;
  const rejected = session.rejectedRepetitions.filter(mine);
  const why = [...new Set(rejected.map((/** @type {{reason: string}} */ each) => REASONS[each.reason] ?? each.reason))];
  return h("tr", null, h("th", { scope: "row" }, String(set)),
    h("td", null, String(session.repetitions.filter(mine).length)),
    h("td", null, String(rejected.length), why.map((reason) => h("span", { class: "reason" }, reason))));
}

/** @param {any} session */
function setTable(session) {
  return h("table", { class: "data" }, h("caption", null, t("repetitions-of-each-set")),
    h("thead", null, h("tr", null, [t("set"), t("counted"), t("not-counted")].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, session.sets.map((/** @type {{number: number}} */ { number }) => setRow(session, number))));
}

/** @param {any} session */
function points(session) {
  const counts = new Map();
  for (const { cue } of session.cues) counts.set(cue, (counts.get(cue) ?? 0) + 1);
  const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, POINTS);
  return top.length === 0 ? null : h("section", { "aria-labelledby": "points-title" },
    h("h3", { id: "points-title" }, t("most-frequent-cues")), h("ul", { class: "points" }, top.map(([cue]) => h("li", null, cue))));
}

/** Whether no repetition counted and no position was held: that is no result. @param {any} session */
function isEmpty({ repetitionCount, sets }) {
  return repetitionCount === 0 && !sets.some((/** @type {{holdMs: number | null}} */ { holdMs }) => (holdMs ?? 0) > 0);
}

/** @param {any} session */
function headline(session) {
  if (!isEmpty(session)) return [h("p", { class: "summary-line" }, t("session-sum", { sets: session.sets.length, repetitions: session.repetitionCount, length: length(session.durationMs) }))];
  return [h("p", { class: "summary-line" }, t("no-reps-counted")), h("p", null, t("no-reps-advice"))];
}

/** `<session-summary>`: sets, counted and rejected repetitions with reasons, and scores. */
export class SessionSummary extends HTMLElement {
  /**
   * @param {any} session result of the query SESSION
   * @param {Map<string, import("../api/client.js").Exercise>} exercises
   */
  show(session, exercises) {
    const earned = h("new-achievements");
    this.dataset.session = session.sessionId;
    this.replaceChildren(
      ...headline(session),
      earned,
      setTable(session), points(session) ?? "", summary(session, exercises));
    void earned.show(session.sessionId);
  }
}

customElements.define("session-summary", SessionSummary);
