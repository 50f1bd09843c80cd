/**
 * Chapters of a video: the exercises that it shows, each a button that plays from there.
 * @module
 */

import { clock } from "../i18n/format.js";
import { h } from "../ui/dom.js";
import { amountOf } from "../lesson/segment-words.js";

/** @typedef {import("../lesson/segment-words.js").Segment} Segment */

/** Lists chapters, and marks the one that plays. */
export class Chapters {
  #list;
  /** @type {Segment[]} */
  #segments = [];

  /** @param {HTMLElement} list an `ol` */
  constructor(list) {
    this.#list = list;
  }

  /** @param {Segment[]} segments in order @param {(exerciseId: string) => string} nameOf @param {(atS: number) => void} play */
  show(segments, nameOf, play) {
    this.#segments = segments;
    this.#list.replaceChildren(...segments.map((segment) => h("li", null,
      h("button", { class: "button", type: "button", onclick: () => play(segment.startMs / 1000) },
        h("span", { class: "watch-time" }, clock(segment.startMs / 1000)), " ", h("b", null, nameOf(segment.exerciseId)), ` · ${amountOf(segment)}`))));
  }

  /** Mark the chapter at a time. @param {number} timeS */
  mark(timeS) {
    const now = this.#segments.findLastIndex(({ startMs }) => startMs <= 1000 * timeS);
    for (const [index, each] of [...this.#list.querySelectorAll("button")].entries()) {
      if (index === now) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  }
}
