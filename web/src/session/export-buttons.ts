/**
 * Export buttons: download the sessions that a page shows as CSV or JSON.
 * @module
 */

import { answer, Problem, received } from "../api/client.ts";
import { showProblem } from "../ui/banner.ts";
import { announce, h } from "../ui/dom.ts";
import { saveFile } from "../ui/save-file.ts";
import { t } from "../i18n/l10n.ts";

type Format = "csv" | "json";

const FORMATS = ["csv", "json"] as Format[];

/** Download by script, because a link cannot send the access token. */
async function download(path: string, format: Format) {
  const response = await answer(path);
  saveFile(await received(response.blob()), `kinelog-sessions.${format}`);
  announce(t("export-done", { format: format.toUpperCase() }));
}

async function pressed(button: HTMLElement, path: () => Promise<string>, format: Format) {
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
 * @param pathOf returns the URL of the file; called on click
 */
export function exportButtons(pathOf: (format: Format) => Promise<string>): HTMLElement {
  const buttons = FORMATS.map((format) => h("button", { class: "button", type: "button", "aria-label": t("export-as", { format: format.toUpperCase() }),
    onclick: (event: Event) => void pressed(event.currentTarget as HTMLElement, () => pathOf(format), format) }, format.toUpperCase()));
  return h("p", { class: "exports" }, h("span", { class: "muted", "aria-hidden": "true" }, t("export")), buttons);
}
