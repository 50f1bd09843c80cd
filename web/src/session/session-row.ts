/**
 * A row of the session list: facts, links, name and tags.
 * @module
 */

import { keptRecording, Problem, send, stayDuring, type Exercise } from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { announce, h } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { signInAdvice } from "../ui/forms.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { energy, formBadge, length, moment } from "../i18n/format.ts";
import { exerciseNames } from "./exercise-names.ts";
import { sessionCount } from "./session-count.ts";
import { Tags } from "./tag-editor.ts";
import { t } from "../i18n/l10n.ts";
import type { Result } from "../api/graphql.ts";
import type { SESSION_LIST } from "../api/queries.ts";

type Session = Result<typeof SESSION_LIST>["sessions"]["edges"][number]["node"];
type Recording = NonNullable<Session["recording"]>;
type Around = {exercises: Map<string, Exercise>, onPick: () => void, tagged: (tag: string) => string};

/** A row; `element` is its list item. */
export class Row {
  id: string;
  recording: Session["recording"];
  exercise: string;
  when: HTMLTimeElement;
  link: HTMLAnchorElement;
  pick: HTMLInputElement;
  place: HTMLElement;
  renaming: HTMLButtonElement | null;
  replay: HTMLAnchorElement | null;
  tags: Tags;
  element: HTMLElement;

  constructor(session: Session, { exercises, onPick, tagged }: Around) {
    this.id = session.sessionId;
    this.recording = session.recording;
    this.exercise = exerciseNames(session, exercises) ?? t("no-exercise");
    this.when = moment(session.startedAt);
    this.link = h("a", { dir: "auto", href: `/#session=${encodeURIComponent(this.id)}` });
    this.pick = h("input", { type: "checkbox", onchange: onPick });
    this.place = h("div", { class: "session-item-name" });
    const { recording } = this;
    this.renaming = recording ? h("button", { class: "button", type: "button", onclick: (event: Event) => this.edit(recording, event.currentTarget as HTMLButtonElement) }, t("rename")) : null;
    this.replay = keptRecording(recording) ? h("a", { class: "button", href: `/session_replay.html?session=${encodeURIComponent(this.id)}` }, t("replay")) : null;
    this.tags = new Tags(this.id, session.tags, tagged);
    this.element = h("li", { class: "session-item", "data-session": this.id },
      h("label", { class: "check pick" }, this.pick),
      sessionCount(session),
      h("div", null, this.place, this.facts(session), this.tags.element),
      h("p", { class: "session-item-scores" }, formBadge(session.accuracy), session.performance && h("span", { class: "muted" }, h("b", null, Math.round(session.performance.score)), " / 100")),
      h("div", { class: "session-item-actions" }, this.renaming, this.tags.button, this.replay));
    this.name(this.recording?.name);
  }

  facts(session: Session) {
    return h("p", { class: "session-facts" }, [
      this.recording && h("span", null, this.exercise),
      h("span", null, this.when),
      h("span", null, session.status === "COMPLETED" ? length(session.durationMs) : t("in-progress")),
      session.caloriesKcal > 0 && h("span", null, energy(session.caloriesKcal)),
      this.recording && h("span", null, t(this.recording.mediaRemovedAt ? "recording-deleted" : "recorded")),
    ]);
  }

  /** Show the name; without a name, the exercise is shown. */
  name(name: string | undefined) {
    const called = name || this.exercise;
    this.link.replaceChildren(called);
    this.place.replaceChildren(h("h2", null, this.link));
    const which = `${called}, ${this.when.textContent}`;
    this.pick.setAttribute("aria-label", t("select-which", { session: which }));
    this.tags.button.setAttribute("aria-label", t("tags-of-which", { session: which }));
    this.renaming?.setAttribute("aria-label", t("rename-which", { session: which }));
    this.replay?.setAttribute("aria-label", t("replay-which", { session: which }));
  }

  /** Edit the name in place. */
  edit(recording: Recording, button: HTMLButtonElement) {
    const input = h("input", { type: "text", ...fieldAttributes("RecordingWords.name"), dir: "auto", "aria-label": t("name-of-recording"), value: recording.name });
    const done = (name: string) => {
      this.name(name);
      button.hidden = false;
      button.focus();
    };
    const form = h("form", { class: "inline-form", novalidate: true }, input,
      h("button", { class: "button primary", type: "submit" }, t("save")),
      h("button", { class: "button", type: "button", onclick: () => done(recording.name) }, t("cancel")));
    form.addEventListener("submit", (event: Event) => { event.preventDefault(); void this.save(recording, input.value.trim(), done); });
    onEscape(form, () => done(recording.name));
    this.place.replaceChildren(form);
    button.hidden = true;
    input.select();
  }

  async save(recording: Recording, name: string, done: (name: string) => void) {
    try {
      const kept = await stayDuring(() => send("PATCH", `/v1/recordings/${encodeURIComponent(recording.id)}`, { name }));
      recording.name = kept.name;
      done(kept.name);
      announce(t("renamed-to", { name: kept.name || this.exercise }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      showProblem(error, { kept: t("name-unchanged"), advice: t("change-and-save"), ...signInAdvice(error) });
    }
  }
}
