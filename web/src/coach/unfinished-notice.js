/**
 * Notice that offers to finish the session that was left unfinished.
 * @module
 */

import { moment } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { clearProblem } from "../ui/banner.js";
import { byId, h } from "../ui/dom.js";
import { unfinished } from "./unfinished-session.js";

/** Offer it if there is one, unless another training has begun meanwhile. @param {() => boolean} hasBegun @param {(sessionId: string) => void} finish */
export async function offerUnfinished(hasBegun, finish) {
  const left = await unfinished();
  if (!left || hasBegun()) return;
  const button = h("button", { class: "button", type: "button", onclick: () => { clearProblem(); finish(left.sessionId); } }, t("finish-session"));
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, t("unfinished-session", { moment: moment(new Date(left.startedAt).toISOString()).textContent ?? "" })), button));
}
