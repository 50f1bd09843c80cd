/**
 * A list of rows that is loaded page by page, or a line that says that there are none.
 * @module
 */

import { pagedList } from "../ui/paged-list.ts";
import { byId, h } from "../ui/dom.ts";
import type { ItemOf } from "../plans/plan-api.ts";

type Parts<Path extends string> = {path: Path, query?: () => Record<string, string>, row: (item: ItemOf<Path>) => HTMLElement, empty: () => string};

/** Fill the list `id`, as `pagedList` does. @param empty what it says without rows */
export function listing<Path extends string>(id: string, { path, query, row, empty }: Parts<Path>): () => Promise<void> {
  const list = byId(id);
  return pagedList(id, {
    path,
    query,
    list,
    rows: async (items) => items.map(row),
    done: (isEmpty) => { if (isEmpty) list.append(h("li", { class: "muted" }, empty())); },
  });
}
