/**
 * Active sign-ins of the account page: devices, each with a button to sign it out.
 * @module
 */

import { request } from "../api/client.js";
import { byId, h } from "../ui/dom.js";
import { moment } from "../i18n/format.js";
import { showError } from "../ui/forms.js";

/** @param {string} iso */
const when = (iso) => moment(iso).textContent;

/** @param {string} id */
async function end(id) {
  await request(`/v1/auth/sign-ins/${encodeURIComponent(id)}`, { method: "DELETE" });
  await showSignIns();
  byId("devices-title").focus(); // the focused button is gone
}

/** @param {{id: string, beganAt: string, lastSeenAt: string, current: boolean}} signIn */
function line({ id, beganAt, lastSeenAt, current }) {
  const words = `Signed in ${when(beganAt)}, last seen ${when(lastSeenAt)}`;
  if (current) return h("li", null, `${words}: this device`);
  return h("li", null, words, h("button", { class: "button", type: "button", "aria-label": `Sign out the device that signed in ${when(beganAt)}`, onclick: () => void end(id).catch(showError) }, "Sign out"));
}

/** List the sign-ins, the most recently used first. */
export async function showSignIns() {
  const { items } = await request("/v1/auth/sign-ins");
  byId("sign-ins").replaceChildren(...items.map(line));
}
