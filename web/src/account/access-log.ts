/**
 * Access log of the account page: who looked at the user's data.
 * @module
 */

import { pagedList } from "../ui/paged-list.ts";
import { byId, h } from "../ui/dom.ts";
import { sideways, table } from "../ui/data-table.ts";
import { moment } from "../i18n/format.ts";
import { useAccountStore } from "../stores/account.ts";
import { t, textOr } from "../i18n/l10n.ts";
import type { Schemas } from "../api/client.ts";

type Access = Schemas["AccessBody"];

/** Prefix of the actor of a share link. */
const LINK = "share-link:";

function who({ by, byName, byTrainer, byErased }: Access) {
  if (by === useAccountStore.get().user?.id) return t("access-you");
  if (by.startsWith(LINK)) return t("access-link");
  if (byErased) return t("access-erased");
  return h("bdi", null, byName ?? (byTrainer ? t("trainers-unnamed") : by));
}

function row(access: Access) {
  const { at, what, kind } = access;
  const action = what === "export" ? t("access-exported") : `${t("access-viewed")}: ${textOr(`access-kind-${kind.replaceAll("_", "-")}`, kind)}`;
  return h("tr", null, h("td", null, moment(at)), h("td", null, who(access)), h("td", null, action));
}

/** Show the newest entries, and a button for older ones. */
export function showAccessLog() {
  const shown = table(t("access-order"), [t("access-when"), t("access-who"), t("access-what")], []);
  return pagedList("access", {
    path: "/v1/me/access-log",
    list: shown.tBodies[0],
    rows: (items) => Promise.resolve(items.map(row)),
    done: (isEmpty) => byId("access").replaceChildren(isEmpty ? h("p", { class: "muted" }, t("access-nobody")) : sideways(t("access-order"), shown)),
  })();
}
