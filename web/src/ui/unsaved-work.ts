/**
 * Unsaved work in the forms of a page. While there is some, leaving the page asks first, and a request that requires
 * signing in does not leave it.
 * @module
 */

import { stayOnPage } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { showProblem } from "./banner.ts";
import { askBeforeLeaving } from "./leave-guard.ts";

const unsaved: Set<HTMLElement> = new Set();

/** Forms that are being saved. */
const saves: Map<HTMLElement, Promise<void>> = new Map();

function set(form: HTMLElement, isUnsaved: boolean) {
  if (isUnsaved) unsaved.add(form);
  else unsaved.delete(form);
  askBeforeLeaving(unsaved.size > 0, unsaved);
  stayOnPage(unsaved.size > 0, unsaved);
}

/** Note what is typed, chosen and pressed in a form from now on. Buttons that submit it change nothing. */
export function watchWork(form: HTMLElement) {
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => workIsUnsaved(form));
  form.addEventListener("click", ({ target }) => { if ((target as Element).closest("button[type=button]")) workIsUnsaved(form); });
}

/** The form was changed. */
export function workIsUnsaved(form: HTMLElement) {
  set(form, true);
}

/** The form shows what is stored, or nothing. What it showed before may still be being saved. */
export function workIsSaved(form: HTMLElement) {
  saves.delete(form);
  set(form, false);
}

/**
 * Save a form by an action. What is typed in the meantime is unsaved, and so is everything if the action fails and the form
 * still shows it.
 */
export async function saveWork(form: HTMLElement, act: () => Promise<void>) {
  unsaved.delete(form);
  const save = act();
  saves.set(form, save);
  try {
    await save;
  } catch (error) {
    if (saves.has(form)) unsaved.add(form);
    throw error;
  } finally {
    saves.delete(form);
    set(form, unsaved.has(form));
  }
}

/** Whether a form has unsaved work. */
export const isUnsaved = (form: HTMLElement) => unsaved.has(form);

/** A form in a part of the page that has unsaved work or is being saved, if there is one. */
export const unsavedFormIn = (part: HTMLElement) => [...unsaved, ...saves.keys()].find((form) => part.contains(form));

/** Whether a form of the page has unsaved work. */
export const hasUnsavedWork = () => unsaved.size > 0;

/** The user agrees to discard the unsaved work of all forms. */
export function discardWork() {
  for (const form of unsaved) workIsSaved(form);
}

/**
 * Show something else in a form: at once, or, if it has unsaved work, when the user agrees to discard it. A form that is
 * being saved is replaced afterwards, unless that fails.
 */
export function replaceWork(form: HTMLElement, act: () => void) {
  const save = saves.get(form);
  if (save) void save.then(() => replaceWork(form, act), () => {}); // the page shows why it failed
  else if (!unsaved.has(form)) act();
  else showProblem({ title: t("unsaved-work") }, { advice: t("unsaved-advice"), action: t("discard-changes"), onAction: act });
}
