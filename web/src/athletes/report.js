/**
 * Report on an athlete, for their trainer.
 * @module
 */

import { download, makeFile, oneAtATime } from "../exports/export-file.js";
import { byId } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { t } from "../i18n/l10n.js";

/** @param {string} id */
const valueOf = (id) => /** @type {HTMLInputElement} */ (byId(id)).value || null;

/** Offer a report on an athlete. @param {string} athleteId */
export function offerReport(athleteId) {
  const button = byId("report");
  byId("report-box").hidden = false;
  button.addEventListener("click", () => void oneAtATime(button, async () => {
    byId("report-state").textContent = t("own-file-preparing");
    try {
      await download(await makeFile({ format: "pdf", athleteId, since: valueOf("report-since"), until: valueOf("report-until") }));
      byId("report-state").textContent = t("athletes-report-ready");
    } catch (error) {
      byId("report-state").textContent = "";
      showError(error);
    }
  }));
}
