/**
 * How somebody wants to be coached.
 * @module
 */

import { answer } from "../api.js";
import { announce, byId, uniqueKey } from "../dom.js";
import { onSubmit, tell } from "../forms.js";

const PATH = "/v1/me/cue-preferences";

/** What is not asked for on this page is kept as it was. @type {{wishes: any, tag: string | null}} */
let known = { wishes: {}, tag: null };

/** @param {Response} response */
async function take(response) {
  known = { wishes: await response.json(), tag: response.headers.get("ETag") };
  byId("frequency").value = known.wishes.frequency;
  byId("verbosity").value = known.wishes.verbosity;
  byId("praise").checked = known.wishes.praise;
}

async function put() {
  const wishes = { ...known.wishes, frequency: byId("frequency").value, verbosity: byId("verbosity").value, praise: byId("praise").checked };
  const headers = { "Content-Type": "application/json", "Idempotency-Key": uniqueKey(), ...(known.tag && { "If-Match": known.tag }) };
  await take(await answer(PATH, { method: "PUT", headers, body: JSON.stringify(wishes) }));
  byId("notice").textContent = "Kept. It counts from your next set on.";
}

/** @param {any} error */
function refused(error) {
  if (error.status !== 412) { tell(error); return; }
  tell(error, { kept: "Nothing was changed by you.", action: "Show what it is now", onAction: () => void load().then(() => announce("This is how you are coached now.")).catch(tell) });
}

async function load() {
  await take(await answer(PATH));
}

/** Show the preferences, and keep what is changed. */
export async function showCues() {
  onSubmit(byId("cues"), put, refused);
  await load();
}
