/**
 * Bulk deletion of sessions, with undo for as long as the page is open.
 * @module
 */

import { Problem, request, send } from "../api/client.ts";
import { clearBanner, clearProblem, showProblem } from "../ui/banner.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";
import type { Row } from "./session-row.ts";

/** Number of concurrent requests. */
const AT_ONCE = 4;

/** Apply an action to all rows, a few at a time. Returns the rows that succeeded and the first problem. */
async function forEach(rows: Row[], act: (row: Row) => Promise<unknown>) {
  const waiting = [...rows];
  const done: Row[] = [];
  let problem: Problem | null = null;
  const work = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      try {
        await act(row);
        done.push(row);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        problem ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, problem: problem as Problem | null };
}

function path({ id }: Row) {
  return `/v1/sessions/${encodeURIComponent(id)}` as const;
}

/** Delete sessions and offer to undo it. */
export async function deleteAll(rows: Row[], callbacks: {gone: (rows: Row[]) => void, back: (rows: Row[]) => void}) {
  clearBanner();
  const { done, problem } = await forEach(rows, (row) => request(path(row), { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } }));
  callbacks.gone(done);
  if (done.length) offerUndo(done, callbacks);
  if (problem) {
    showProblem({ title: t("sessions-not-deleted", { count: rows.length - done.length }), detail: problem.message, reference: problem.reference }, { kept: t("still-in-list"), advice: t("try-in-a-moment") });
  }
}

function offerUndo(rows: Row[], callbacks: {gone: (rows: Row[]) => void, back: (rows: Row[]) => void}) {
  const undo = h("button", { class: "button", type: "button", onclick: () => void bringBack(rows, callbacks) }, t("undo-action"));
  const text = t("sessions-deleted", { count: rows.length });
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, text), undo));
}

async function bringBack(rows: Row[], callbacks: {gone: (rows: Row[]) => void, back: (rows: Row[]) => void}) {
  clearProblem();
  const { done, problem } = await forEach(rows, (row) => send("POST", `${path(row)}:restore`, {}, { "Idempotency-Key": uniqueKey() }));
  callbacks.back(done);
  if (done.length) byId("notice").replaceChildren(h("p", { class: "notice" }, t("sessions-restored", { count: done.length })));
  if (!problem) return;
  const missing = rows.filter((row) => !done.includes(row));
  showProblem({ title: t("sessions-not-restored", { count: missing.length }), detail: problem.message, reference: problem.reference }, {
    kept: t("kept-seven-days"), action: t("try-again"), onAction: () => void bringBack(missing, callbacks),
  });
}
