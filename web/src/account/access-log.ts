/**
 * Access log of the account page: who looked at the user's data.
 * @module
 */

import { request } from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { moment } from "../i18n/format.ts";
import { useAccountStore } from "../stores/account.ts";
import { t, textOr } from "../i18n/l10n.ts";

/** Prefix of the actor of a share link. */
const LINK = "share-link:";

/** @param names of trainers, by ID */
function who(by: string, names: Map<string, string | null>) {
  if (by === useAccountStore.get().user?.id) return t("access-you");
  if (by.startsWith(LINK)) return t("access-link");
  return h("bdi", null, names.has(by) ? names.get(by) ?? t("trainers-unnamed") : by);
}

function row({ at, by, what, kind }: {at: string, by: string, what: string, kind: string}, names: Map<string, string | null>) {
  const action = what === "export" ? t("access-exported") : `${t("access-viewed")}: ${textOr(`access-kind-${kind.replaceAll("_", "-")}`, kind)}`;
  return h("tr", null, h("td", null, moment(at)), h("td", null, who(by, names)), h("td", null, action));
}

/** Show the newest entries. */
export async function showAccessLog() {
  const [{ items }, trainers] = await Promise.all([request("/v1/me/access-log?first=50"), request("/v1/me/trainers")]);
  const names = new Map(trainers.items.map(({ trainerId, name }) => [trainerId, name]));
  byId("access").replaceChildren(items.length === 0
    ? h("p", { class: "muted" }, t("access-nobody"))
    : h("table", { class: "data" }, h("caption", null, t("access-latest")),
      h("thead", null, h("tr", null, [t("access-when"), t("access-who"), t("access-what")].map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, items.map((each) => row(each, names)))));
}
