/**
 * Forms with optimistic concurrency: a change made elsewhere is never overwritten unseen (ETag, If-Match).
 * @module
 */

import { answer, received } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { announce, byId } from "../ui/dom.ts";
import { onSubmit, showError } from "../ui/forms.ts";
import { isUnsaved, saveWork, watchWork, workIsSaved } from "../ui/unsaved-work.ts";
import { t } from "../i18n/l10n.ts";
import { Problem } from "../api/problem.ts";

interface FormOptions<T> {
  /** ID of the form; its status element is `<form>-status` */
  form: string;
  /** endpoint that supports GET and PUT with an `ETag` */
  path: string;
  /** fill the fields */
  show: (value: T) => void;
  /** read the fields; values without a field stay as loaded */
  read: (value: T) => T;
  /** message after saving */
  kept: string;
  /** message after reloading */
  now: string;
  /** called after saving, unless something else was typed in the meantime */
  saved?: () => void;
}

/** Load the values into the form and save changes. The page makes the form inert until then: what was typed would be overwritten. */
export async function connectVersionedForm<T>({ form, path, show, read, kept, now, saved }: FormOptions<T>) {
  let seen: {value: T, tag: string | null};
  let key = new RetryKey();

  async function note(response: Response) {
    seen = { value: await received(response.json()), tag: response.headers.get("ETag") };
  }

  async function put() {
    const value = read(seen.value);
    const headers = { "Content-Type": "application/json", ...key.headers(value as object), ...(seen.tag && { "If-Match": seen.tag }) };
    await note(await answer(path, { method: "PUT", headers, body: JSON.stringify(value) }));
    key = new RetryKey(); // the same values can be saved again after others
    if (!isUnsaved(byId(form))) show(seen.value);
    byId(`${form}-status`).textContent = kept;
  }

  function refused(error: unknown) {
    if (!(error instanceof Problem) || error.status !== 412) { showError(error); return; }
    showError(error, { kept: t("change-not-saved"), action: t("show-current-values"), onAction: () => void load().then(() => announce(now)).catch(showError) });
  }

  async function load() {
    await note(await answer(path));
    show(seen.value);
    workIsSaved(byId(form));
  }

  async function save() {
    await saveWork(byId(form), put);
    if (!isUnsaved(byId(form))) saved?.();
  }

  await load();
  byId(form).inert = false;
  byId(form).addEventListener("input", () => { byId(`${form}-status`).textContent = ""; });
  watchWork(byId(form));
  onSubmit(byId<"form">(form), save, refused);
}
