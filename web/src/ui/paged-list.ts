/**
 * A list that goes on, page by page, with a button.
 * @module
 */

import { after, listPage, type ItemOf } from "../plans/plan-api.ts";
import { byId } from "./dom.ts";
import { loadMoreBy } from "./questions.ts";

/** Rows of a page. */
const PAGE = "20";

type Parts<Path extends string> = {path: Path, query?: () => Record<string, string>, list: HTMLElement, rows: (items: ItemOf<Path>[]) => Promise<HTMLElement[]>, done: (isEmpty: boolean) => void};

/**
 * Fill a list, to which the button `id-more` appends the next page. The function that is returned loads it from the start; if
 * that fails, rows of other filters are removed.
 * @param query of the filters; `done` is called after each page
 */
export function pagedList<Path extends string>(id: string, { path, query = () => ({}), list, rows, done }: Parts<Path>): (position?: number | null) => Promise<void> {
  const more = byId(`${id}-more`);
  let next: string | null = null;
  /** Number of the latest load from the start, and of the one whose rows are shown. */
  let latest = 0, shown = 0;
  /** The filters of the rows. */
  let filters: Record<string, string> = {};

  function clear() {
    next = null;
    shown = latest;
    more.hidden = true;
    list.replaceChildren();
  }

  async function load(isFirst: boolean, position: number | null) {
    const mine = isFirst ? ++latest : shown;
    const isOver = () => mine !== (isFirst ? latest : shown);
    const wanted = isFirst ? query() : filters;
    let page, added;
    try {
      page = await listPage(path, { ...wanted, first: PAGE, ...(!isFirst && next && { after: next }) }, after(position));
      added = await rows(page.items);
    } catch (error) {
      if (isOver()) return; // another answer is shown
      if (JSON.stringify(wanted) !== JSON.stringify(filters)) clear();
      throw error;
    }
    if (isOver()) return; // the list was loaded from the start meanwhile
    next = page.after;
    shown = mine;
    filters = wanted;
    if (isFirst) list.replaceChildren(...added);
    else list.append(...added);
    more.hidden = next === null;
    done(list.children.length === 0);
  }

  loadMoreBy(more, list, () => load(false, null));
  return (position = null) => load(true, position);
}
