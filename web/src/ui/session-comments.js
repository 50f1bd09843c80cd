/**
 * Comments of trainers on a session: the list, and the form of a trainer who may write one.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { RetryKey } from "../api/retry-key.js";
import { clock, moment } from "../i18n/format.js";
import { announce, h, uniqueKey } from "./dom.js";
import { showError } from "./forms.js";
import { fieldAttributes } from "./schema-fields.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("../api/client.js").Schemas["SessionComment"]} Comment */

/**
 * Show the comments on a session in a section, hidden while there is nothing to show.
 * @param {HTMLElement} section
 * @param {string} sessionId
 * @param {(comment: Comment) => void} open go to the place of a comment
 * @param {(() => number) | null} [now] the current milliseconds of a player, which new comments are about
 */
export async function showComments(section, sessionId, open, now = null) {
  const path = `/v1/sessions/${encodeURIComponent(sessionId)}/comments`;
  const list = h("ul", { class: "comments" });
  const show = async () => {
    const { items, mayComment } = await request(path);
    list.replaceChildren(...items.map((/** @type {Comment} */ each) => row(each)));
    const mayWrite = mayComment && now !== null;
    section.hidden = items.length === 0 && !mayWrite;
    return mayWrite;
  };

  /** @param {Comment} comment */
  const row = (comment) => h("li", null,
    h("p", { class: "muted" }, h("bdi", null, comment.trainerName ?? t("trainers-unnamed")), " · ", moment(comment.writtenAt)),
    h("p", { class: "comment-text", dir: "auto" }, comment.text),
    h("div", { class: "choices" },
      h("button", { class: "button quiet", type: "button", onclick: () => open(comment) }, place(comment)),
      comment.isOwn && h("button", { class: "button quiet", type: "button", onclick: () => void change(() => request(`${path}/${encodeURIComponent(comment.commentId)}`, { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } }), t("comments-deleted")) }, t("comments-delete"))));

  /** Carry out a change, then show the list. @param {() => Promise<unknown>} act @param {string} done @returns {Promise<boolean>} whether the change was carried out, also if the list cannot be read */
  const change = async (act, done) => {
    try {
      await act();
    } catch (error) {
      showError(error);
      return false;
    }
    announce(done);
    await show().catch(showError);
    return true;
  };

  const form = () => {
    const text = h("textarea", { id: "comment", rows: 3, dir: "auto", ...fieldAttributes("NewComment.text") });
    let key = new RetryKey();
    let body = { text: "", atMs: 0 };
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (text.value !== body.text) body = { text: text.value, atMs: Math.max(0, Math.round(now?.() ?? 0)) }; // a retry is about the moment of the first attempt
      if (!(await change(() => send("POST", path, body, key.headers(body)), t("comments-written")))) return;
      key = new RetryKey();
      body = { text: "", atMs: 0 };
      text.value = "";
    };
    return h("form", { onsubmit: submit }, h("div", { class: "field" }, h("label", { for: "comment" }, t("comments-new")), text), h("button", { class: "button", type: "submit" }, t("comments-write")));
  };

  try {
    const mayWrite = await show();
    section.replaceChildren(h("h2", { id: "comments-title" }, t("comments")), list, ...(mayWrite ? [form()] : []));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    section.hidden = true; // bearers of share links, and people without a connection, see none
  }
}

/** @param {Comment} comment */
function place({ set, repetition, atMs }) {
  if (repetition !== null) return t("comments-repetition", { set: set ?? 1, repetition });
  return t("comments-moment", { time: clock((atMs ?? 0) / 1000) });
}
