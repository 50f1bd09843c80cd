/**
 * A row of the session list: facts, links, name and tags.
 * @module
 */

import { Problem, send } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { announce, h } from "../ui/dom.js";
import { fieldAttributes } from "../ui/schema-fields.js";
import { counted, energy, formBadge, length, moment, words } from "../i18n/format.js";
import { Tags } from "./tag-editor.js";

/** @typedef {import("../api/graphql.js").Result<typeof import("../api/queries.js").SESSION_LIST>["sessions"]["edges"][number]["node"]} Session */
/** @typedef {NonNullable<Session["recording"]>} Recording */
/** @typedef {{exercises: Map<string, import("../api/client.js").Exercise>, onPick: () => void, tagged: (tag: string) => string}} Around */

/** A row; `element` is its list item. */
export class Row {
  /** @param {Session} session @param {Around} around */
  constructor(session, { exercises, onPick, tagged }) {
    this.id = session.sessionId;
    this.recording = session.recording;
    this.exercise = session.exerciseId ? (exercises.get(session.exerciseId)?.name ?? words(session.exerciseId)) : "No exercise";
    this.when = moment(session.startedAt);
    this.link = h("a", { dir: "auto", href: `/#session=${encodeURIComponent(this.id)}` });
    this.pick = h("input", { type: "checkbox", onchange: onPick });
    this.place = h("div", { class: "session-item-name" });
    const { recording } = this;
    this.renaming = recording ? h("button", { class: "button", type: "button", onclick: () => this.edit(recording) }, "Rename") : null;
    this.replay = this.recording ? h("a", { class: "button", href: `/session_replay.html?session=${encodeURIComponent(this.id)}` }, "Replay") : null;
    this.tags = new Tags(this.id, session.tags, tagged);
    this.element = h("li", { class: "session-item", "data-session": this.id },
      h("label", { class: "pick" }, this.pick),
      h("p", { class: "session-count" }, h("b", null, session.repetitionCount), h("span", null, session.repetitionCount === 1 ? "rep" : "reps")),
      h("div", null, this.place, this.facts(session), this.tags.element),
      h("p", { class: "session-item-scores" }, formBadge(session.accuracy), session.performance && h("span", { class: "muted" }, h("b", null, Math.round(session.performance.score)), " / 100")),
      h("div", { class: "session-item-actions" }, this.renaming, this.tags.button, this.replay));
    this.name(this.recording?.name);
  }

  /** @param {Session} session */
  facts(session) {
    return h("p", { class: "session-facts" }, [
      this.recording && h("span", null, this.exercise),
      h("span", null, this.when),
      h("span", null, session.status === "COMPLETED" ? length(session.durationMs) : "in progress"),
      h("span", null, energy(session.caloriesKcal)),
      h("span", null, this.recording ? "recorded" : "not recorded"),
    ]);
  }

  /** Show the name; without a name, the exercise is shown. @param {string | undefined} name */
  name(name) {
    const called = name || this.exercise;
    this.link.replaceChildren(called);
    this.place.replaceChildren(h("h2", null, this.link));
    const which = `${called}, ${this.when.textContent}`;
    this.pick.setAttribute("aria-label", `Select ${which}`);
    this.tags.button.setAttribute("aria-label", `Tags of ${which}`);
    this.renaming?.setAttribute("aria-label", `Rename ${which}`);
    this.replay?.setAttribute("aria-label", `Replay ${which}`);
  }

  /** Edit the name in place. @param {Recording} recording */
  edit(recording) {
    const input = h("input", { type: "text", ...fieldAttributes("RecordingWords.name"), class: "text", dir: "auto", "aria-label": "Name of the recording", value: recording.name });
    const done = (/** @type {string} */ name) => {
      this.name(name);
      this.renaming.hidden = false;
      this.renaming.focus();
    };
    const form = h("form", { class: "inline-form", novalidate: true }, input,
      h("button", { class: "button primary", type: "submit" }, "Save"),
      h("button", { class: "button", type: "button", onclick: () => done(recording.name) }, "Cancel"));
    form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); void this.save(recording, input.value.trim(), done); });
    form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") done(recording.name); });
    this.place.replaceChildren(form);
    this.renaming.hidden = true;
    input.select();
  }

  /** @param {Recording} recording @param {string} name @param {(name: string) => void} done */
  async save(recording, name, done) {
    try {
      const kept = await send("PATCH", `/v1/recordings/${encodeURIComponent(recording.id)}`, { name });
      recording.name = kept.name;
      done(kept.name);
      announce(`Renamed to ${kept.name || this.exercise}.`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      showProblem(error, { kept: "The name is unchanged.", advice: "Change it and save again, or cancel." });
    }
  }
}

/** @param {number} count */
export function sessionsOf(count) {
  return counted(count, "session");
}
