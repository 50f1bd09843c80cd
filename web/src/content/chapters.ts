/**
 * Chapters of a video: the exercises that it shows, each a button that plays from there.
 * @module
 */

import { clock } from "../i18n/format.ts";
import { h } from "../ui/dom.ts";
import { amountOf, type Segment } from "../lesson/segment-words.ts";

/** Lists chapters, and marks the one that plays. */
export class Chapters {
  #list;
  #segments: Segment[] = [];

  /** @param list an `ol` */
  constructor(list: HTMLElement) {
    this.#list = list;
  }

  /** @param segments in order */
  show(segments: Segment[], nameOf: (exerciseId: string) => string, play: (atS: number) => void) {
    this.#segments = segments;
    this.#list.replaceChildren(...segments.map((segment) => h("li", null,
      h("button", { class: "button", type: "button", onclick: () => play(segment.startMs / 1000) },
        h("span", { class: "watch-time" }, clock(segment.startMs / 1000)), " ", h("b", null, nameOf(segment.exerciseId)), ` · ${amountOf(segment)}`))));
  }

  /** Mark the chapter at a time. */
  mark(timeS: number) {
    const now = this.#segments.findLastIndex(({ startMs }) => startMs <= 1000 * timeS);
    for (const [index, each] of [...this.#list.querySelectorAll("button")].entries()) {
      if (index === now) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  }
}
