/**
 * A row of the session list: facts, links, name and tags.
 * @module
 */

import { Problem, send } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { announce, h } from "../ui/dom.js";
import { counted, energy, formBadge, length, moment, words } from "../i18n/format.js";
import { Tags } from "./tag-editor.js";

const LONGEST_NAME = 200;

/** @typedef {{exercises: Map<string, import("../api/client.js").Exercise>, onPick: () => void, tagged: (tag: string) => string}} Around */

/** A row; `element` is its list item. */
export class Row {
  /** @param {any} session a node of the query SESSION_LIST @param {Around} around */
  constructor(session, { exercises, onPick, tagged }) {
    this.id = session.sessionId;
    this.recording = session.recording;
    this.exercise = session.exerciseId ? (exercises.get(session.exerciseId)?.name ?? words(session.exerciseId)) : "No exercise";
    this.when = moment(session.startedAt);
    this.link = h("a", { dir: "auto", href: `/#session=${encodeURIComponent(this.id)}` });
    this.pick = h("input", { type: "checkbox", onchange: onPick });
    this.place = h("div", { class: "kept-name" });
    this.renaming = this.recording ? h("button", { class: "button", type: "button", onclick: () => this.edit() }, "Rename") : null;
    this.replay = this.recording ? h("a", { class: "button", href: `/session_replay.html?session=${encodeURIComponent(this.id)}` }, "Replay") : null;
    this.tags = new Tags(this.id, session.tags, tagged);
    this.element = h("li", { class: "kept-row", "data-session": this.id },
      h("label", { class: "pick" }, this.pick),
      h("p", { class: "session-count" }, h("b", null, session.repetitionCount), h("span", null, session.repetitionCount === 1 ? "rep" : "reps")),
      h("div", null, this.place, this.facts(session), this.tags.element),
      h("p", { class: "kept-marks" }, formBadge(session.accuracy), session.performance && h("span", { class: "muted" }, h("b", null, Math.round(session.performance.score)), " / 100")),
      h("div", { class: "kept-actions" }, this.renaming, this.tags.button, this.replay));
    this.name(this.recording?.name);
  }

  /** @param {any} session */
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

  /** Edit the name in place. */
  edit() {
    const input = h("input", { type: "text", class: "text", dir: "auto", maxlength: LONGEST_NAME, "aria-label": "Name of the recording", value: this.recording.name });
    const done = (/** @type {string} */ name) => {
      this.name(name);
      this.renaming.hidden = false;
      this.renaming.focus();
    };
    const form = h("form", { class: "renaming", novalidate: true }, input,
      h("button", { class: "button primary", type: "submit" }, "Save"),
      h("button", { class: "button", type: "button", onclick: () => done(this.recording.name) }, "Cancel"));
    form.addEventListener("submit", (event) => { event.preventDefault(); void this.save(input.value.trim(), done); });
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") done(this.recording.name); });
    this.place.replaceChildren(form);
    this.renaming.hidden = true;
    input.select();
  }

  /** @param {string} name @param {(name: string) => void} done */
  async save(name, done) {
    try {
      const kept = await send("PATCH", `/v1/recordings/${encodeURIComponent(this.recording.id)}`, { name });
      this.recording = { ...this.recording, name: kept.name };
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
