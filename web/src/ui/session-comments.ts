/**
 * Comments of trainers on a session: the list, and the form of a trainer who may write one.
 * @module
 */

import { Problem, request, send, stayDuring, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { clock, moment } from "../i18n/format.ts";
import { announce, h, redraw, uniqueKey } from "./dom.ts";
import { showError } from "./forms.ts";
import { fieldAttributes } from "./schema-fields.ts";
import { saveWork, workIsSaved, workIsUnsaved } from "./unsaved-work.ts";
import { t } from "../i18n/l10n.ts";
import type { confirming } from "./questions.ts";

export type Comment = Schemas["SessionComment"];
type NewComment = Schemas["NewComment"];

/** What new comments are about. */
export interface Subject {
  /** label of the text */
  label: string;
  /** form fields by which the trainer chooses it */
  fields: HTMLElement[];
  /** what a comment that is written now is about */
  place: () => Omit<NewComment, "text">;
}

/**
 * Show the comments on a session in a section, hidden while there is nothing to show.
 * @param open go to the place of a comment
 * @param subject what new comments are about; null where none can be written
 */
export async function showComments(section: HTMLElement, sessionId: string, open: (comment: Comment) => void, subject: Subject | null = null) {
  const path = `/v1/sessions/${encodeURIComponent(sessionId)}/comments` as const;
  const title = h("h2", { id: "comments-title", tabindex: -1 }, t("comments"));
  const list = h("ul", { class: "comments" });
  /** Rows by comment, which never changes: they stay when the list is read again, with their questions. */
  let rows: Map<string, HTMLElement> = new Map();
  const show = async () => {
    const { items, mayComment } = await request(path);
    const questions = items.some(({ isOwn }: Comment) => isOwn) ? await import("./questions.ts") : null; // most readers wrote none
    rows = new Map(items.map((each: Comment) => [each.commentId, rows.get(each.commentId) ?? row(each, each.isOwn && questions && deletion(each, questions.confirming))]));
    redraw(list, () => list.replaceChildren(...rows.values()));
    const writable = mayComment ? subject : null;
    section.hidden = items.length === 0 && !writable;
    return writable;
  };

  const row = (comment: Comment, deleteButton: HTMLElement | false | null) => h("li", null,
    h("p", { class: "muted" }, h("bdi", null, comment.trainerName ?? t("trainers-unnamed")), " · ", moment(comment.writtenAt)),
    h("p", { id: `comment-${comment.commentId}`, class: "comment-text", dir: "auto" }, comment.text),
    h("div", { class: "choices" },
      h("button", { class: "button quiet", type: "button", onclick: () => open(comment) }, place(comment)),
      deleteButton));

  /** The button that deletes a comment, after one question. */
  const deletion = (comment: Comment, confirm: typeof confirming) => {
    const key = uniqueKey();
    const box = confirm({ label: t("comments-delete"), question: t("comments-delete-question"), yes: t("comments-delete-yes"), no: t("comments-delete-no"), isDanger: true }, () => remove(comment, key));
    box.querySelector("button")?.setAttribute("aria-describedby", `comment-${comment.commentId}`);
    return box;
  };

  /** Carry out a change, then show the list. @returns whether the change was carried out, also if the list cannot be read */
  const change = async (act: () => Promise<unknown>, done: string): Promise<boolean> => {
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

  const remove = async ({ commentId }: Comment, key: string) => {
    const deleted = await change(() => request(`${path}/${encodeURIComponent(commentId)}`, { method: "DELETE", headers: { "Idempotency-Key": key } }), t("comments-deleted"));
    if (deleted) title.focus();
  };

  const form = ({ label, fields, place }: Subject) => {
    const text = h("textarea", { id: "comment", rows: 3, dir: "auto", ...fieldAttributes("NewComment.text") });
    let key = new RetryKey();
    let body: NewComment | null = null;
    const button = h("button", { class: "button", type: "submit" }, t("comments-write"));
    const submit = async (event: Event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled") === "true") return;
      const written: NewComment = body ??= { text: text.value, ...place() }; // a retry is about the moment of the first attempt
      button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
      try {
        await saveWork(element, async () => { await stayDuring(() => send("POST", path, written, key.headers(written))); });
      } catch (error) {
        showError(error);
        return;
      } finally {
        button.removeAttribute("aria-disabled");
      }
      key = new RetryKey();
      body = null;
      if (text.value === written.text) text.value = ""; // else more text was added meanwhile
      noteText();
      announce(t("comments-written"));
      await show().catch(showError);
    };
    const noteText = () => { if (text.value) workIsUnsaved(element); else workIsSaved(element); };
    const element = h("form", { onsubmit: submit, oninput: () => { body = null; noteText(); } }, ...fields, h("div", { class: "field" }, h("label", { for: "comment" }, label), text), button);
    return element;
  };

  try {
    const writable = await show();
    section.replaceChildren(title, list, ...(writable ? [form(writable)] : []));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const again = () => void showComments(section, sessionId, open, subject);
    section.replaceChildren(title, h("p", null, t("comments-not-loaded")), h("button", { class: "button", type: "button", onclick: again }, t("try-again")));
    section.hidden = error.status < 500; // bearers of share links, and people without a connection, see none
  }
}

function place({ set, repetition, atMs }: Comment) {
  if (repetition !== null) return t("comments-repetition", { set: set ?? 1, repetition });
  return t("comments-moment", { time: clock((atMs ?? 0) / 1000) });
}
