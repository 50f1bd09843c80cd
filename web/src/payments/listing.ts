/**
 * A list that is loaded page by page.
 * @module
 */

import { listPage, type ItemOf } from "../plans/plan-api.ts";
import { byId, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";

/** Rows of a page of a list. */
const PAGE = "20";

/** Fill the list `id`, whose button `id-more` appends the next page. The function that is returned loads it from the start. */
export function listing<Path extends string>(id: string, { path, query, row, empty }: {path: Path, query: () => Record<string, string>, row: (item: ItemOf<Path>) => HTMLElement, empty: () => string}): () => Promise<void> {
  let next: string | null = null;
  let current = 0;
  const more = byId(`${id}-more`);

  async function load(isFirst: boolean) {
    const mine = ++current;
    const page = await listPage(path, { ...query(), first: PAGE, ...(!isFirst && next && { after: next }) });
    if (mine !== current) return; // a later choice of the filter replaces this page
    next = page.after;
    const rows = page.items.map(row);
    if (isFirst) byId(id).replaceChildren(...(rows.length ? rows : [h("li", { class: "muted" }, empty())]));
    else byId(id).append(...rows);
    more.hidden = next === null;
    if (!isFirst) rows[0]?.querySelector("h3")?.focus();
  }

  more.addEventListener("click", () => load(false).catch(showError));
  return () => load(true);
}
