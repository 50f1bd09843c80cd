/**
 * Bulk deletion of sessions, with undo for as long as the page is open.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { clearBanner, clearProblem, showProblem } from "../ui/banner.js";
import { byId, h, uniqueKey } from "../ui/dom.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("./session-row.js").Row} Row */

/** Number of concurrent requests. */
const AT_ONCE = 4;

/**
 * Apply an action to all rows, a few at a time. Returns the rows that succeeded and the first problem.
 * @param {Row[]} rows @param {(row: Row) => Promise<unknown>} act
 */
async function forEach(rows, act) {
  const waiting = [...rows];
  /** @type {Row[]} */
  const done = [];
  /** @type {Problem | null} */
  let problem = null;
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
  return { done, problem: /** @type {Problem | null} */ (problem) };
}

/** @param {Row} row */
function path({ id }) {
  return `/v1/sessions/${encodeURIComponent(id)}`;
}

/**
 * Delete sessions and offer to undo it.
 * @param {Row[]} rows
 * @param {{gone: (rows: Row[]) => void, back: (rows: Row[]) => void}} callbacks
 */
export async function deleteAll(rows, callbacks) {
  clearBanner();
  const { done, problem } = await forEach(rows, (row) => request(path(row), { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } }));
  callbacks.gone(done);
  if (done.length) offerUndo(done, callbacks);
  if (problem) {
    showProblem({ title: t("sessions-not-deleted", { count: rows.length - done.length }), detail: problem.message, reference: problem.reference }, { kept: t("still-in-list"), advice: t("try-in-a-moment") });
  }
}

/** @param {Row[]} rows @param {{gone: (rows: Row[]) => void, back: (rows: Row[]) => void}} callbacks */
function offerUndo(rows, callbacks) {
  const undo = h("button", { class: "button", type: "button", onclick: () => void bringBack(rows, callbacks) }, t("undo-action"));
  const text = t("sessions-deleted", { count: rows.length });
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, text), undo));
}

/** @param {Row[]} rows @param {{gone: (rows: Row[]) => void, back: (rows: Row[]) => void}} callbacks */
async function bringBack(rows, callbacks) {
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
