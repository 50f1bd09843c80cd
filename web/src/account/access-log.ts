/**
 * Access log of the account page: who looked at the user's data.
 * @module
 */

import { request } from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { moment } from "../i18n/format.ts";
import { useAccountStore } from "../stores/account.ts";
import { t } from "../i18n/l10n.ts";

function row({ at, by, what, kind }: {at: string, by: string, what: string, kind: string}) {
  return h("tr", null, h("td", null, moment(at)), h("td", null, by === useAccountStore.get().user?.id ? t("access-you") : by), h("td", null, `${t(what === "export" ? "access-exported" : "access-viewed")}: ${kind}`));
}

/** Show the newest entries. */
export async function showAccessLog() {
  const { items } = await request("/v1/me/access-log?first=50");
  byId("access").replaceChildren(items.length === 0
    ? h("p", { class: "muted" }, t("access-nobody"))
    : h("table", { class: "data" }, h("caption", null, t("access-latest")),
      h("thead", null, h("tr", null, [t("access-when"), t("access-who"), t("access-what")].map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, items.map(row))));
}
