/**
 * Data export of the account page.
 * @module
 */

import { answer, Problem, request, send } from "../api/client.js";
import { byId, h, uniqueKey } from "../ui/dom.js";
import { day, size } from "../i18n/format.js";
import { showError } from "../ui/forms.js";
import { t } from "../i18n/l10n.js";

const ASK_AGAIN_MS = 1000;

/** Names of the downloaded files. */
const NAMES = { archive: "kinelog.zip", csv: "kinelog-sessions.zip", fhir: "kinelog-fhir.zip", fit: "kinelog-fit.zip", json: "kinelog-sessions.zip", open_mhealth: "kinelog-open-mhealth.zip", pdf: "kinelog-report.pdf", tcx: "kinelog-tcx.zip" };

/** @typedef {{id: string, format: keyof typeof NAMES, state: "queued" | "running" | "ready" | "failed", expiresAt: string, files: number, size: number}} Export */

/** Lists that were requested: only the latest is shown. */
let lists = 0;

/** Whether an export is being made. @param {Export} each */
const isPending = ({ state }) => state === "queued" || state === "running";

/** Exports that are polled, by ID. @type {Map<string, Promise<Export>>} */
const polled = new Map();

/** Poll until an export is finished; concurrent calls for one export share the requests. @param {Export} created @returns {Promise<Export>} */
function finished(created) {
  const polling = polled.get(created.id) ?? poll(created).finally(() => polled.delete(created.id));
  polled.set(created.id, polling);
  return polling;
}

/** @param {Export} created @returns {Promise<Export>} */
async function poll(created) {
  let archive = created;
  while (isPending(archive)) {
    await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
    archive = await request(`/v1/me/exports/${archive.id}`);
  }
  return archive;
}

/** Download by script, because a link cannot send the access token. @param {Export} archive */
async function download(archive) {
  const response = await answer(`/v1/me/exports/${archive.id}/archive`);
  const url = URL.createObjectURL(await response.blob());
  h("a", { href: url, download: NAMES[archive.format] }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // after the browser has started the download
}

/** @param {Export} each */
function row(each) {
  const name = t(`export-${each.format.replace("_", "-")}`);
  const state = each.state === "ready" ? t("own-file-kept", { size: size(each.size), day: day(each.expiresAt) }) : t(each.state === "failed" ? "own-file-failed" : "own-file-preparing");
  return h("li", null, h("span", null, name, h("br"), h("small", null, state)),
    each.state === "ready" && h("button", { class: "button", type: "button", "aria-label": t("own-file-download-of", { name }), onclick: () => void download(each).catch(showError) }, t("own-file-download")));
}

/** List the files that can still be downloaded, or are being made; few, because the number per day is limited. */
export async function showExports() {
  const mine = ++lists;
  const { items } = await request("/v1/me/exports?first=100");
  if (mine !== lists) return;
  byId("exports").replaceChildren(...items.map(row));
  for (const each of items.filter(isPending)) void finished(each).then(showExports).catch(showError);
}

async function make() {
  byId("export-state").textContent = t("own-file-preparing");
  const format = /** @type {HTMLSelectElement} */ (byId("export-format")).value;
  const archive = await finished(await send("POST", "/v1/me/exports", { format }, { "Idempotency-Key": uniqueKey() }));
  if (archive.state === "failed") throw new Problem({ title: t("own-file-failed"), detail: t("try-later"), reference: archive.id });
  await showExports();
  byId("export-state").textContent = t("own-file-ready", { size: size(archive.size), day: day(archive.expiresAt) });
}

/** Handle the export button; one export at a time. */
export function showExport() {
  const button = byId("export");
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await make();
    } catch (error) {
      byId("export-state").textContent = "";
      showError(error, { kept: t("data-unchanged") });
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}
