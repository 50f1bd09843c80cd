/**
 * The athlete's own words for a session: shown as ways to find others like it, and changed where they stand.
 * @module
 */

import { Problem, send } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { announce, h, uniqueKey } from "../ui/dom.js";

/** Characters of ten tags of thirty, with what is between them. */
const LONGEST = 320;

/** Read tags that are written in one line. @param {string} line @returns {string[]} */
export function tagsOf(line) {
  return line.split(",").map((tag) => tag.trim()).filter(Boolean);
}

/** The tags of one session; `element` is shown in its row, `button` among what can be done with it. */
export class Tags {
  /** @param {string} session its id @param {string[]} known @param {(tag: string) => string} address of the list with that tag only */
  constructor(session, known, address) {
    this.path = `/v1/sessions/${encodeURIComponent(session)}/tags`;
    this.known = known;
    this.address = address;
    this.element = h("div", { class: "tags" });
    this.button = h("button", { class: "button", type: "button", onclick: () => this.edit() }, "Tags");
    this.show();
  }

  /** Show what is known. */
  show() {
    const chips = this.known.map((tag) => h("li", null, h("a", { class: "tag", href: this.address(tag), "data-tag": tag, title: `Sessions tagged ${tag}` }, h("bdi", null, tag))));
    this.element.replaceChildren(...(chips.length ? [h("ul", { "aria-label": "Tags" }, ...chips)] : []));
    this.button.hidden = false;
  }

  /** Let them be changed where they stand. */
  edit() {
    const input = h("input", { type: "text", class: "text", dir: "auto", maxlength: LONGEST, "aria-label": "Tags, with commas between them", placeholder: "legs, before breakfast", value: this.known.join(", ") });
    const form = h("form", { class: "renaming", novalidate: true }, input,
      h("button", { class: "button primary", type: "submit" }, "Save"),
      h("button", { class: "button", type: "button", onclick: () => this.done() }, "Cancel"));
    form.addEventListener("submit", (event) => { event.preventDefault(); void this.save(tagsOf(input.value)); });
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") this.done(); });
    this.element.replaceChildren(form);
    this.button.hidden = true;
    input.select();
  }

  /** Back to where editing began. */
  done() {
    this.show();
    this.button.focus();
  }

  /** @param {string[]} tags */
  async save(tags) {
    try {
      ({ tags: this.known } = await send("PUT", this.path, { tags }, { "Idempotency-Key": uniqueKey() }));
      this.done();
      announce(this.known.length ? `Tagged ${this.known.join(", ")}.` : "It has no tags now.");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      showProblem(error, { kept: "The tags are as they were.", advice: "Ten tags at most, of thirty characters at most. Change them and save again, or cancel." });
    }
  }
}
