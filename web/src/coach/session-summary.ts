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

function setRow(session: Session, set: number) {
  const mine = (each: {set: number}) => each.set === set;
  const rejected = session.rejectedRepetitions.filter(mine);
  const why = [...new Set(rejected.map((each) => REASONS[each.reason] ?? each.reason))];
  return h("tr", null, h("th", { scope: "row" }, String(set)),
    h("td", null, String(session.repetitions.filter(mine).length)),
    h("td", null, String(rejected.length), why.map((reason) => h("span", { class: "reason" }, reason))));
}

function setTable(session: Session) {
  return h("table", { class: "data" }, h("caption", null, t("repetitions-of-each-set")),
    h("thead", null, h("tr", null, [t("set"), t("counted"), t("not-counted")].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, session.sets.map(({ number }) => setRow(session, number))));
}

function points(session: Session) {
  const counts = new Map();
  for (const { cue } of session.cues) counts.set(cue, (counts.get(cue) ?? 0) + 1);
  const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, POINTS);
  return top.length === 0 ? null : h("section", { "aria-labelledby": "points-title" },
    h("h3", { id: "points-title" }, t("most-frequent-cues")), h("ul", { class: "points" }, top.map(([cue]) => h("li", null, cue))));
}

/** Whether no repetition counted and no position was held: that is no result. */
function isEmpty({ repetitionCount, sets }: Session) {
  return repetitionCount === 0 && !sets.some(({ holdMs }) => (holdMs ?? 0) > 0);
}

function headline(session: Session) {
  if (!isEmpty(session)) return [h("p", { class: "summary-line" }, t("session-sum", { sets: session.sets.length, repetitions: session.repetitionCount, length: length(session.durationMs) }))];
  return [h("p", { class: "summary-line" }, t("no-reps-counted")), h("p", null, t("no-reps-advice"))];
}

/** `<session-summary>`: sets, counted and rejected repetitions with reasons, and scores. */
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
