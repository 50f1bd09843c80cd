/**
 * Lists of boxes, one for each key.
 * @module
 */

import { h } from "../ui/dom.ts";

/** Show a box for each key. */
export function offerBoxes(list: HTMLElement, keys: string[], label: (key: string) => string) {
  list.replaceChildren(...keys.map((each) => h("label", { class: "check" }, h("input", { type: "checkbox", value: each }), label(each))));
}

/** Check the boxes of the chosen keys, and no others. */
export function check(list: HTMLElement, chosen: readonly string[]) {
  for (const box of list.querySelectorAll("input")) box.checked = chosen.includes(box.value);
}

/** The keys of the boxes that are checked. */
export const checked = (list: HTMLElement): string[] => [...list.querySelectorAll("input")].filter((box) => box.checked).map(({ value }) => value);
