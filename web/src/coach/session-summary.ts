/**
 * Session summary element, shown at the end of a session.
 * @module
 */

import "../ui/new-achievements.ts";
import { h } from "../ui/dom.ts";
import { length } from "../i18n/format.ts";
import { REASONS } from "../session/repetition-table.ts";
import { summary } from "../session/performance-summary.ts";
import { t } from "../i18n/l10n.ts";
import type { Exercise, Session } from "../api/client.ts";

/** Number of cues to show. */
const POINTS = 3;

function setRow(session: Session, { number, holdMs }: Session["sets"][number]) {
  const mine = (each: {set: number}) => each.set === number;
  const rejected = session.rejectedRepetitions.filter(mine);
  const why = [...new Set(rejected.map((each) => REASONS[each.reason] ?? each.reason))];
  return h("tr", null, h("th", { scope: "row" }, String(number)),
    h("td", null, holdMs > 0 ? length(holdMs) : String(session.repetitions.filter(mine).length)),
    h("td", null, String(rejected.length), why.map((reason) => h("span", { class: "reason" }, reason))));
}

function setTable(session: Session) {
  return h("table", { class: "data" }, h("caption", null, t("results-of-each-set")),
    h("thead", null, h("tr", null, [t("set"), t("counted"), t("not-counted")].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, session.sets.map((set) => setRow(session, set))));
}

function points(session: Session) {
  const counts = new Map();
  for (const { cue } of session.cues) counts.set(cue, (counts.get(cue) ?? 0) + 1);
  const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, POINTS);
  return top.length === 0 ? null : h("section", { "aria-labelledby": "points-title" },
    h("h3", { id: "points-title" }, t("most-frequent-cues")), h("ul", { class: "points" }, top.map(([cue]) => h("li", null, cue))));
}

/** Repetitions of a session, and how long positions were held in it; empty without both. */
function amounts({ repetitionCount, sets }: Session) {
  const heldMs = sets.reduce((sum, { holdMs }) => sum + holdMs, 0);
  return [repetitionCount && t("count-repetitions", { count: repetitionCount }), heldMs && t("held-for", { length: length(heldMs) })].filter(Boolean);
}

function headline(session: Session) {
  const amount = amounts(session).join(", ");
  if (amount) return [h("p", { class: "summary-line" }, t("session-sum", { sets: session.sets.length, amount, length: length(session.durationMs) }))];
  return [h("p", { class: "summary-line" }, t("no-reps-counted")), h("p", null, t("no-reps-advice"))];
}

/** `<session-summary>`: sets, counted and rejected repetitions with reasons, holds, and scores. */
export class SessionSummary extends HTMLElement {
  show(session: Session, exercises: Map<string, Exercise>) {
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

declare global {
  interface HTMLElementTagNameMap { "session-summary": SessionSummary }
}
