/**
 * Active sign-ins of the account page: devices, each with a button to sign it out.
 * @module
 */

import { Problem, request } from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { moment } from "../i18n/format.ts";
import { latest } from "../ui/latest.ts";
import { once } from "../ui/questions.ts";
import { t } from "../i18n/l10n.ts";

const GONE = 404;

const when = (iso: string) => moment(iso).textContent;

async function end(id: string) {
  try {
    await request(`/v1/auth/sign-ins/${encodeURIComponent(id)}`, { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof Problem && error.status === GONE)) throw error; // it has ended, as after a lost answer
  }
  await showSignIns();
  byId("devices-title").focus(); // the focused button is gone
}

function line({ id, beganAt, lastSeenAt, current }: {id: string, beganAt: string, lastSeenAt: string, current: boolean}) {
  const words = t("signed-in-seen", { began: when(beganAt), seen: when(lastSeenAt) });
  if (current) return h("li", null, t("this-device", { device: words }));
  const button = h("button", { class: "button", type: "button", "aria-label": t("sign-out-device", { began: when(beganAt) }), onclick: () => void once(button, () => end(id)) }, t("sign-out"));
  return h("li", null, words, button);
}

/** List the sign-ins, the most recently used first. */
export const showSignIns = latest(() => request("/v1/auth/sign-ins"), ({ items }) => {
  byId("sign-ins").replaceChildren(...items.map(line));
});
