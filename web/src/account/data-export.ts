/**
 * Data export of the account page.
 * @module
 */

import { request } from "../api/client.ts";
import { download, daysText, finished, isPending, makeFile, oneAtATime, type Export } from "../exports/export-file.ts";
import { byId, h } from "../ui/dom.ts";
import { calendarDay, day, size } from "../i18n/format.ts";
import { showError } from "../ui/forms.ts";
import { latest } from "../ui/latest.ts";
import { t } from "../i18n/l10n.ts";

const input = (id: string) => byId(id) as HTMLInputElement;

function row(each: Export) {
  const format = each.athleteId ? t("export-of-athlete") : t(`export-${each.format.replace("_", "-")}`);
  const name = [format, daysText(each.since, each.until, (date) => calendarDay(date, { dateStyle: "medium" }))].filter(Boolean).join(" · ");
  const state = each.state === "ready" ? t("own-file-kept", { size: size(each.size), day: day(each.expiresAt) }) : t(each.state === "failed" ? "own-file-failed" : "own-file-preparing");
  return h("li", null, h("span", null, name, h("br"), h("small", null, state)),
    each.state === "ready" && h("button", { id: `download-${each.id}`, class: "button", type: "button", "aria-label": t("own-file-download-of", { name }), onclick: () => void download(each).catch(showError) }, t("own-file-download")));
}

/** List the files that can still be downloaded, or are being made; few, because the number per day is limited. */
export const showExports: () => Promise<void> = latest(() => request("/v1/me/exports?first=100"), ({ items }) => {
  const focused = byId("exports").contains(document.activeElement) ? document.activeElement?.id : null;
  byId("exports").replaceChildren(...items.map(row));
  if (focused) document.getElementById(focused)?.focus();
  for (const each of items.filter(isPending)) void finished(each).then(showExports).catch(showError);
});

async function make() {
  byId("export-state").textContent = t("own-file-preparing");
  const format = input("export-format").value as Export["format"];
  const days = format === "archive" ? {} : { since: input("export-since").value || null, until: input("export-until").value || null };
  const file = await makeFile({ format, ...days });
  await showExports();
  byId("export-state").textContent = t("own-file-ready", { size: size(file.size), day: day(file.expiresAt) });
}

/** Offer a range of days for the formats that can have one. */
function showDays() {
  byId("export-days").hidden = input("export-format").value === "archive";
}

/** Handle the export button; one export at a time. */
export function showExport() {
  byId("export-format").addEventListener("change", showDays);
  showDays();
  const button = byId<"button">("export");
  button.addEventListener("click", () => void oneAtATime(button, async () => {
    try {
      await make();
    } catch (error) {
      byId("export-state").textContent = "";
      showError(error, { kept: t("data-unchanged") });
    }
  }));
}
