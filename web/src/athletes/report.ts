/**
 * Report on an athlete, for their trainer.
 * @module
 */

import "./texts.ts";
import { download, makeFile, oneAtATime } from "../exports/export-file.ts";
import { byId } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

const valueOf = (id: string) => (byId(id) as HTMLInputElement).value || null;

/** Offer a report on an athlete. */
export function offerReport(athleteId: string) {
  const button = byId<"button">("report");
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
