/**
 * Whether others see one's results, and by which pseudonym.
 * @module
 */

import { answer } from "../api/client.js";
import { announce, byId, uniqueKey } from "../ui/dom.js";
import { mark, onSubmit, tell } from "../ui/forms.js";

const PATH = "/v1/me/leaderboards";

/** Refusals that are about the pseudonym, and are told where it is written. */
const ABOUT_IT = new Set(["leaderboards.pseudonym_taken", "leaderboards.pseudonym_tells_name", "value.invalid", "request.invalid"]);

/** @typedef {{pseudonym: string | null, consentVersion: string, consentText: string}} Membership */

/** @type {{known: Membership, tag: string | null}} */
let seen;

/** @param {Response} response */
async function take(response) {
  seen = { known: await response.json(), tag: response.headers.get("ETag") };
  const { pseudonym, consentText } = seen.known;
  const isMember = pseudonym !== null;
  byId("consent-text").textContent = consentText;
  byId("seen-as").textContent = pseudonym ?? "";
  byId("seen").hidden = byId("leave").hidden = !isMember;
  byId("joining").hidden = isMember;
  byId("pseudonym").value = pseudonym ?? "";
  byId("membership").hidden = false; // nobody agrees to words that are not there yet
  byId("join").textContent = isMember ? "Take this pseudonym" : "Agree and join";
}

const load = async () => take(await answer(PATH));

/** @param {string} method @param {object} [body] */
function ask(method, body) {
  const headers = { "Idempotency-Key": uniqueKey(), ...(seen.tag && { "If-Match": seen.tag }), ...(body && { "Content-Type": "application/json" }) };
  return answer(PATH, { method, headers, body: body && JSON.stringify(body) });
}

/** @param {any} error @param {() => void} changed */
function refused(error, changed) {
  if (ABOUT_IT.has(error.code)) {
    mark(byId("pseudonym"), error.detail ?? error.title);
    byId("pseudonym").focus();
    return;
  }
  const again = () => void load().then(() => { changed(); announce("This is how others see you now."); }).catch(tell);
  const isOld = error.status === 412 || error.code === "consent.outdated";
  tell(error, { kept: "Nothing was changed by you.", ...(isOld && { action: "Show what it is now", onAction: again }) });
}

/**
 * Show it, and let somebody join, take another pseudonym, and leave.
 * @param {(isMember: boolean, isNew: boolean) => void} told when it is known, and whenever it is new
 */
export async function showMembership(told) {
  const changed = () => told(seen.known.pseudonym !== null, true);
  onSubmit(byId("membership"), async () => {
    await take(await ask("PUT", { pseudonym: byId("pseudonym").value.trim(), consentVersion: seen.known.consentVersion }));
    mark(byId("pseudonym"), "");
    announce(`Others see you as ${seen.known.pseudonym}.`);
    changed();
    byId("membership-title").focus();
  }, (error) => refused(error, changed));
  byId("leave").addEventListener("click", async () => {
    try {
      await ask("DELETE");
      await load();
      announce("You have left. Nobody sees you any more.");
      changed();
      byId("membership-title").focus(); // the button is gone
    } catch (error) {
      refused(error, changed);
    }
  });
  await load();
  told(seen.known.pseudonym !== null, false);
}
