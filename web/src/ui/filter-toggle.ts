/**
 * The button that folds the filters of a list away on phones, so that the list is in sight.
 * @module
 */

import { byId } from "./dom.ts";

/** Let `#filter-toggle` fold `#filter`. @param isShown whether the filters are shown at first */
export function foldFilters(isShown: boolean) {
  const show = (shown: boolean) => {
    byId("filter").classList.toggle("collapsed", !shown);
    byId("filter-toggle").setAttribute("aria-expanded", String(shown));
  };
  byId("filter-toggle").addEventListener("click", () => show(byId("filter").classList.contains("collapsed")));
  show(isShown);
}
