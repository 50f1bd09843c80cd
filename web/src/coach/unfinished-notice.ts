/**
 * Notice that offers to finish the session that was left unfinished.
 * @module
 */

import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { clearProblem } from "../ui/banner.ts";
import { byId, h } from "../ui/dom.ts";
import { unfinished } from "./unfinished-session.ts";

/** Offer it if there is one, unless another training has begun meanwhile. */
export async function offerUnfinished(hasBegun: () => boolean, finish: (sessionId: string) => void) {
  const left = await unfinished();
  if (!left || hasBegun()) return;
  const button = h("button", { class: "button", type: "button", onclick: () => { clearProblem(); finish(left.sessionId); } }, t("finish-session"));
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, t("unfinished-session", { moment: moment(new Date(left.startedAt).toISOString()).textContent ?? "" })), button));
}
