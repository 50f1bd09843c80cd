/**
 * Export buttons: download the sessions that a page shows as CSV or JSON.
 * @module
 */

import { answer, Problem } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { announce, h } from "../ui/dom.js";
import { t } from "../i18n/l10n.js";

/** @typedef {"csv" | "json"} Format */

const FORMATS = /** @type {Format[]} */ (["csv", "json"]);

/** Download by script, because a link cannot send the access token. @param {string} path @param {Format} format */
async function download(path, format) {
  const response = await answer(path);
  const url = URL.createObjectURL(await response.blob());
  h("a", { href: url, download: `kinelog-sessions.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // after the browser has started the download
  announce(t("export-done", { format: format.toUpperCase() }));
}

/** @param {any} button @param {() => Promise<string>} path @param {Format} format */
async function pressed(button, path, format) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  announce(t("export-preparing"));
  try {
    await download(await path(), format);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    announce("");
    showProblem({ title: t("export-failed"), detail: error.message, reference: error.reference }, { kept: t("sessions-unchanged"), advice: t("try-in-a-moment") });
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/**
 * Create one button per file format.
 * @param {(format: Format) => Promise<string>} pathOf returns the URL of the file; called on click
 * @returns {HTMLElement}
 */
export function exportButtons(pathOf) {
  const buttons = FORMATS.map((format) => h("button", { class: "button", type: "button", "aria-label": t("export-as", { format: format.toUpperCase() }),
    onclick: (/** @type {any} */ event) => void pressed(event.currentTarget, () => pathOf(format), format) }, format.toUpperCase()));
  return h("p", { class: "exports" }, h("span", { class: "muted", "aria-hidden": "true" }, t("export")), buttons);
}
