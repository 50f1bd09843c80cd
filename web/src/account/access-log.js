/**
 * Access log of the account page: who looked at the user's data.
 * @module
 */

import { request } from "../api/client.js";
import { byId, h } from "../ui/dom.js";
import { moment } from "../i18n/format.js";

const WHAT = { read: "Viewed", export: "Exported" };
const COLUMNS = ["When", "Who", "What"];

/** @param {{at: string, by: string, what: string, kind: string}} access */
function row({ at, by, what, kind }) {
  return h("tr", null, h("td", null, moment(at)), h("td", null, by), h("td", null, `${WHAT[what]}: ${kind}`));
}

/** Show the newest entries. */
export async function showAccessLog() {
  const { items } = await request("/v1/me/access-log?first=50");
  byId("access").replaceChildren(items.length === 0
    ? h("p", { class: "muted" }, "Nobody else has accessed your data.")
    : h("table", { class: "data" }, h("caption", null, "The latest 50 accesses and exports."),
      h("thead", null, h("tr", null, COLUMNS.map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, items.map(row))));
}
