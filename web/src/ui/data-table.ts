/**
 * Data tables as alternatives to charts.
 * @module
 */

import { h, type Child } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

/** @param names of the columns @param rows the first cell of each is its heading */
export function table(caption: string, names: string[], rows: Child[][]): HTMLTableElement {
  return h("table", { class: "data" },
    h("caption", null, caption),
    h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, rows.map(tableRow)));
}

/** @param cells the first one is the heading of the row */
export function tableRow([first, ...others]: Child[]): HTMLTableRowElement {
  return h("tr", null, h("th", { scope: "row" }, first), others.map((value) => h("td", null, value)));
}

/** Wrap content that may be wider than the page in a scrollable, focusable region. */
export function sideways(name: string, inside: Child): HTMLElement {
  return h("div", { class: "sideways", role: "region", tabindex: "0", "aria-label": name }, inside);
}

/** Return a table and the button that shows or hides it. */
export function behindToggle(name: string, shown: HTMLTableElement): HTMLElement[] {
  const place = sideways(name, shown);
  place.hidden = true;
  const toggle = h("button", { class: "button", type: "button", "aria-expanded": "false", onclick: () => {
    place.hidden = !place.hidden;
    toggle.setAttribute("aria-expanded", String(!place.hidden));
    toggle.textContent = place.hidden ? t("show-as-table") : t("hide-table");
  } }, t("show-as-table"));
  return [toggle, place];
}
