/**
 * Actions of the session view: replay, train again, share, rename, delete.
 * @module
 */

import { keptRecording, Problem, request, send, stayDuring, type Session } from "../api/client.ts";
import { showNotice, showProblem } from "../ui/banner.ts";
import { announce, byId, focusResult, h, icon, uniqueKey } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { finishSession } from "./finish-session.ts";
import { signInAdvice } from "../ui/forms.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { showComments, type Comment, type Subject } from "../ui/session-comments.ts";
import { t } from "../i18n/l10n.ts";
import { executionUrl, isAssigned } from "../workouts/workout-url.ts";

/** Ask for a name and save it. @param place where the form is shown */
function rename(recording: NonNullable<Session["recording"]>, place: HTMLElement, button: HTMLElement) {
  const input = h("input", { type: "text", ...fieldAttributes("RecordingWords.name"), dir: "auto", "aria-label": t("name-of-session"), value: recording.name });
  const done = () => { place.replaceChildren(); button.hidden = false; button.focus(); };
  const form = h("form", { class: "inline-form", novalidate: true }, input,
    h("button", { class: "button primary", type: "submit" }, t("save")),
    h("button", { class: "button", type: "button", onclick: done }, t("cancel")));
  form.addEventListener("submit", async (event: Event) => {
    event.preventDefault();
    try {
      const { name } = await stayDuring(() => send("PATCH", `/v1/recordings/${encodeURIComponent(recording.id)}`, { name: input.value.trim() }));
      recording.name = name;
      announce(name ? t("renamed-to", { name }) : t("name-removed"));
      done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      showProblem(error, { kept: t("name-unchanged"), advice: t("change-and-save"), ...signInAdvice(error) });
    }
  });
  onEscape(form, done);
  button.hidden = true;
  place.replaceChildren(form);
  input.select();
}

/** Delete the session, go to Home and offer to undo it. */
async function remove(id: string) {
  const path = `/v1/sessions/${encodeURIComponent(id)}` as const;
  try {
    await request(path, { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showProblem(error, { kept: t("session-not-deleted"), advice: t("try-in-a-moment") });
    return;
  }
  const undo = h("button", { class: "button", type: "button", onclick: () => void restore(path, id) }, t("undo-action"));
  history.pushState(null, "", "/");
  dispatchEvent(new PopStateEvent("popstate"));
  dispatchEvent(new Event("sessions-changed"));
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, t("session-deleted")), undo));
}

async function restore(path: `/v1/sessions/${string}`, id: string) {
  try {
    await send("POST", `${path}:restore`, {}, { "Idempotency-Key": uniqueKey() });
    dispatchEvent(new Event("sessions-changed"));
    showNotice(t("session-restored"), { href: `/#session=${encodeURIComponent(id)}`, label: t("home-open-session") });
    focusResult(byId("notice").querySelector("p"));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showProblem(error, { kept: t("kept-seven-days"), advice: t("try-in-a-moment") });
  }
}

/** Finish a session that is in progress, and show its result. */
async function finish(session: Session) {
  try {
    await finishSession(session);
    location.reload();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showProblem(error, { kept: t("counted-reps-kept"), advice: t("try-in-a-moment") });
  }
}

/** The second of a comment's repetition or moment. */
function momentOf({ repetitions }: Session, { set, repetition, atMs }: Comment) {
  const commented = repetitions.find((each) => each.set === set && each.number === repetition);
  return (commented?.startMs ?? atMs ?? 0) / 1000;
}

/** A repetition that the trainer selects; null if there is none. */
function repetitionToComment({ repetitions }: Session): Subject | null {
  if (repetitions.length === 0) return null;
  const selected = h("select", { id: "comment-repetition" }, repetitions.map(({ set, number }, index) => h("option", { value: String(index) }, t("comments-repetition", { set, repetition: number }))));
  const field = h("div", { class: "field" }, h("label", { for: "comment-repetition" }, t("comments-repetition-label")), selected);
  return { label: t("comments-new-repetition"), fields: [field], place: () => {
    const { set, number } = repetitions[Number(selected.value)];
    return { set, repetition: number };
  } };
}

/** @param onShareImage shares the result as an image, and says what it did @param onMoment shows a second of the recording */
export function sessionActions(session: Session, { onShareImage, onMoment }: {onShareImage?: () => Promise<string>, onMoment: (second: number) => void}): HTMLElement {
  const { sessionId, recording, status, workoutId, isOwn } = session;
  const place = h("div", null);
  const isOpen = status !== "COMPLETED";
  const search = new URLSearchParams({ session: sessionId });
  const kept = keptRecording(recording);
  const replay = kept && h("a", { class: "button primary", href: `/session_replay.html?${search}` }, icon("play"), t(isOwn ? "replay-and-train" : "replay"));
  const renaming = recording && h("button", { class: "button", type: "button", onclick: (event: Event) => rename(recording, place, event.currentTarget as HTMLElement) }, t("rename"));
  const comments = h("section", { class: "panel session-comments", "aria-labelledby": "comments-title", hidden: true });
  void showComments(comments, sessionId, (comment) => onMoment(momentOf(session, comment)), repetitionToComment(session));
  if (!isOwn) return h("div", null, h("div", { class: "choices session-actions" }, !isOpen && replay), comments); // a trainer only looks at it
  return h("div", null,
    h("div", { class: "choices session-actions" },
      isOpen && (workoutId || isAssigned(sessionId)) && h("a", { class: "button primary", href: executionUrl(sessionId) }, t("continue-workout")),
      isOpen && h("button", { class: "button", type: "button", onclick: () => void finish(session) }, t("finish-session")),
      !isOpen && (replay ?? h("a", { class: "button primary", href: "/pose_realtime.html" }, t("train-again"))),
      kept && h("a", { class: "button", href: `/session_replay.html?${search}#share` }, icon("link"), t("share")),
      onShareImage && !isOpen && h("button", { class: "button", type: "button", onclick: async () => announce(await onShareImage()) }, icon("image"), t("share-image")),
      renaming,
      !isOpen && h("button", { class: "button", type: "button", onclick: () => void remove(sessionId) }, t("delete"))),
    place, comments);
}
