/**
 * The athlete's feedback on a fault: it was wrong, or it was missed.
 * @module
 */

import * as api from "../api/client.ts";
import { h, uniqueKey } from "../ui/dom.ts";
import { once } from "../ui/questions.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

/** what the athlete said of a fault */
type Feedback = {set: number, repetition: number | null, fault: string, feedback: string};

/**
 * A button that contradicts what was said of a fault, or takes that back.
 */
export function faultFeedback(session: api.Session, rep: api.PlacedRepetition, fault: string, feedback: "wrong" | "missed"): HTMLElement {
  const note = h("span", { role: "status", class: "muted" });
  const isAbout = (each: Feedback) => each.set === rep.set && each.repetition === rep.number && each.fault === fault;
  let given = (session.faultFeedback ?? []).some((each: Feedback) => isAbout(each) && each.feedback.toLowerCase() === feedback);
  const show = () => {
    button.textContent = given ? t("undo-action") : feedback === "wrong" ? t("this-was-wrong") : t("this-was-missed");
    button.setAttribute("aria-label", t("feedback-about", { action: button.textContent, fault: words(fault), rep: rep.place }));
    note.textContent = given ? ` ${t(feedback === "wrong" ? "you-said-wrong" : "you-said-missed")}` : "";
  };
  const send = async () => {
    try {
      const body = { set: rep.set, repetition: rep.number, fault, feedback: given ? null : feedback };
      await api.send("PUT", `/v1/sessions/${encodeURIComponent(session.sessionId)}/fault-feedback`, body, { "Idempotency-Key": uniqueKey() });
      given = !given;
      show();
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      note.textContent = ` ${error.message}`;
    }
  };
  const button = h("button", { class: "button quiet", type: "button", onclick: () => void once(button, send) });
  show();
  return h("span", { class: "feedback" }, button, note);
}
