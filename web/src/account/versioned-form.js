/**
 * Forms over what another device may change meanwhile: nobody overwrites what they have not seen.
 * @module
 */

import { answer } from "../api/client.js";
import { announce, byId, uniqueKey } from "../ui/dom.js";
import { onSubmit, tell } from "../ui/forms.js";

/**
 * @template T
 * @typedef {object} Kept
 * @property {string} form its id; the place where it is said that it is kept is called `<form>-kept`
 * @property {string} path of the door that gives it and takes it back, with an `ETag`
 * @property {(known: T) => void} show put it into the fields
 * @property {(known: T) => T} read what the fields say; what they do not ask for stays as it is known
 * @property {string} kept what is said once it is kept
 * @property {string} now what is said once it is shown anew
 */

/**
 * Show what is kept, and keep what is changed.
 * @template T
 * @param {Kept<T>} what
 */
export async function showKept({ form, path, show, read, kept, now }) {
  /** @type {{known: T, tag: string | null}} */
  let seen;

  /** @param {Response} response */
  async function take(response) {
    seen = { known: await response.json(), tag: response.headers.get("ETag") };
    show(seen.known);
  }

  async function put() {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": uniqueKey(), ...(seen.tag && { "If-Match": seen.tag }) };
    await take(await answer(path, { method: "PUT", headers, body: JSON.stringify(read(seen.known)) }));
    byId(`${form}-kept`).textContent = kept;
  }

  /** @param {any} error */
  function refused(error) {
    if (error.status !== 412) { tell(error); return; }
    tell(error, { kept: "Nothing was changed by you.", action: "Show what it is now", onAction: () => void load().then(() => announce(now)).catch(tell) });
  }

  const load = async () => take(await answer(path));

  await load();
  byId(form).addEventListener("input", () => { byId(`${form}-kept`).textContent = ""; });
  onSubmit(byId(form), put, refused);
}
