/**
 * Tags of a session: links to sessions with the same tag, editable in place.
 * @module
 */

import { answer, Problem, received, send, stayDuring } from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { announce, h, uniqueKey } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { signInAdvice } from "../ui/forms.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { t } from "../i18n/l10n.ts";

const { most = 0, maxlength = 0 } = constraintsOf("Tags.tags");

/** Maximum length of all tags, with separators. */
const LONGEST = most * (maxlength + ", ".length);

function partsOf(line: string) {
  return line.split(",").map((part) => part.trim()).filter(Boolean);
}

/** Parse comma-separated tags. @param saved tags as they are stored: those with a comma, which are from earlier, stay whole */
export function tagsOf(line: string, saved: readonly string[] = []): string[] {
  const tags = partsOf(line);
  for (const tag of saved.filter((each) => each.includes(","))) {
    const parts = partsOf(tag);
    const at = tags.findIndex((_, index) => parts.every((part, offset) => tags[index + offset] === part));
    if (at >= 0) tags.splice(at, parts.length, tag);
  }
  return tags;
}

/** Apply a change of tags to those that a session has by now. @param saved tags before the change @param wanted tags after it */
export function changedTags(saved: readonly string[], wanted: string[], current: string[]): string[] {
  if (current.join("\n") === saved.join("\n")) return wanted;
  const left = current.filter((tag) => wanted.includes(tag) || !saved.includes(tag));
  return [...left, ...wanted.filter((tag) => !saved.includes(tag) && !left.includes(tag))];
}

/** Tags of one session: `element` shows them, `button` starts editing. */
export class Tags {
  path: `/v1/sessions/${string}/tags`;
  saved: string[];
  address: (tag: string) => string;
  element: HTMLElement;
  button: HTMLButtonElement;

  /** @param session session ID @param address URL of the list with that tag */
  constructor(session: string, saved: string[], address: (tag: string) => string) {
    this.path = `/v1/sessions/${encodeURIComponent(session)}/tags` as const;
    this.saved = saved;
    this.address = address;
    this.element = h("div", { class: "tags" });
    this.button = h("button", { class: "button", type: "button", onclick: () => this.edit() }, t("tags"));
    this.show();
  }

  /** Show the tags. */
  show() {
    const chips = this.saved.map((tag) => h("li", null, h("a", { class: "tag", href: this.address(tag), "data-tag": tag, title: t("sessions-tagged", { tag }) }, h("bdi", null, tag))));
    this.element.replaceChildren(...(chips.length ? [h("ul", { "aria-label": t("tags") }, ...chips)] : []));
    this.button.hidden = false;
  }

  /** Edit the tags in place. */
  edit() {
    const input = h("input", { type: "text", dir: "auto", maxlength: LONGEST, "aria-label": t("tags-by-commas"), placeholder: t("tags-example"), value: this.saved.join(", ") });
    const form = h("form", { class: "inline-form", novalidate: true }, input,
      h("button", { class: "button primary", type: "submit" }, t("save")),
      h("button", { class: "button", type: "button", onclick: () => this.done() }, t("cancel")));
    form.addEventListener("submit", (event: Event) => { event.preventDefault(); void this.save(tagsOf(input.value, this.saved)); });
    onEscape(form, () => this.done());
    this.element.replaceChildren(form);
    this.button.hidden = true;
    input.select();
  }

  /** Stop editing. */
  done() {
    this.show();
    this.button.focus();
  }

  async save(tags: string[]) {
    try {
      ({ tags: this.saved } = await stayDuring(() => this.#change(tags)));
      this.done();
      announce(this.saved.length ? t("tagged", { tags: this.saved.join(", ") }) : t("tags-removed"));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      showProblem(error, { kept: t("tags-unchanged"), advice: t("tags-limit", { most, longest: maxlength }), ...signInAdvice(error) });
    }
  }

  /** Change the tags, and keep what was changed in another tab or on another device since they were shown. */
  async #change(wanted: string[], isRepeated = false): Promise<{tags: string[]}> {
    const response = await answer(this.path);
    const current: {tags: string[]} = await received(response.json());
    const tags = changedTags(this.saved, wanted, current.tags);
    try {
      return await send("PUT", this.path, { tags }, { "Idempotency-Key": uniqueKey(), "If-Match": response.headers.get("ETag") ?? "" });
    } catch (error) {
      if (isRepeated || !(error instanceof Problem && error.code === "session.tags_moved")) throw error;
      return this.#change(wanted, true); // they have changed since they were read, as by a second click
    }
  }
}
