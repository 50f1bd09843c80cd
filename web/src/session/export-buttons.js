/**
 * Sessions are taken along as a file: exactly those that a page shows.
 * @module
 */

import { answer, Problem } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { announce, h } from "../ui/dom.js";

/** @typedef {"csv" | "json"} Format */

const FORMATS = /** @type {Format[]} */ (["csv", "json"]);

/** Fetched here, as a link cannot say who asks. @param {string} path @param {Format} format */
async function download(path, format) {
  const response = await answer(path);
  const url = URL.createObjectURL(await response.blob());
  h("a", { href: url, download: `kinelog-sessions.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // after the browser has taken it
  announce(`The ${format.toUpperCase()} file is there.`);
}

/** @param {any} button @param {() => Promise<string>} path @param {Format} format */
async function pressed(button, path, format) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  announce("The file is being made …");
  try {
    await download(await path(), format);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    announce("");
    showProblem({ title: "The file could not be made.", detail: error.message, reference: error.reference }, { kept: "Your sessions are as they were.", advice: "Try again in a moment." });
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/**
 * A button for each kind of file.
 * @param {(format: Format) => Promise<string>} pathOf where the file is, asked when it is wanted
 * @returns {HTMLElement}
 */
export function exportButtons(pathOf) {
  const buttons = FORMATS.map((format) => h("button", { class: "button", type: "button", "aria-label": `Export as ${format.toUpperCase()}`,
    onclick: (event) => void pressed(event.currentTarget, () => pathOf(format), format) }, format.toUpperCase()));
  return h("p", { class: "exports" }, h("span", { class: "muted", "aria-hidden": "true" }, "Export"), buttons);
}
