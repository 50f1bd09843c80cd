/**
 * Import of a file of health records on the health page.
 * @module
 */

import { Problem, send, stayDuring, type Schemas } from "../api/client.ts";
import { FILE_UNREADABLE } from "../api/problem.ts";
import { upload } from "../api/upload.ts";
import { CONSENT_MISSING, healthConsent } from "../coach/camera-consent.ts";
import { decimal, percent, size } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { clearBanner, showProblem } from "../ui/banner.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { loadOrOffer, showError } from "../ui/forms.ts";
import { askBeforeLeaving } from "../ui/leave-guard.ts";
import { SOURCES, sourceName } from "./figures.ts";
import { follow, progressText, summarize, unfinishedImport } from "./import-progress.ts";

/** Largest file, in bytes, as the server accepts it. */
const MAX_BYTES = 250_000_000;

/** Most records of a file. */
const MAX_RECORDS = 5_000_000;

/** Formats by the end of the file's name. */
const FORMATS: Record<string, string> = { csv: "csv", gpx: "gpx", tcx: "tcx", fit: "fit", zip: "apple_health" };

/** Why a file was not imported, by problem code. */
const PROBLEMS: Record<string, string> = {
  "health.file_unreadable": t("health-import-unreadable"),
  "health.file_too_large": t("health-import-too-many"),
  "health.reader_unavailable": t("health-import-unavailable"),
};

/** @returns what is wrong with it, or "" */
function wrongWith(file: File | undefined): string {
  if (!file) return t("health-import-none");
  if (!formatOf(file)) return t("health-import-format");
  if (file.size === 0) return t("health-import-empty");
  return file.size > MAX_BYTES ? t("health-import-large", { size: size(file.size), limit: size(MAX_BYTES) }) : "";
}

function formatOf(file: File): string | undefined {
  return FORMATS[file.name.split(".").at(-1)?.toLowerCase() ?? ""];
}

/**
 * Show the form.
 * @param whose `every`: all metrics
 */
export function showImport({ zone, sources, every }: {zone: string, sources: Schemas["HealthSource"][], every: string[]}, onImported: () => void) {
  const connected = new Set(sources.filter((each) => each.connected).map(({ source }) => source as string));
  const offered = SOURCES.filter((name) => connected.has(name) || name === "apple_health" || name === "health_connect");
  const file = h("input", { id: "import-file", type: "file", accept: Object.keys(FORMATS).map((end) => `.${end}`).join(), "aria-describedby": "import-hint" });
  const source = h("select", { id: "import-source" }, offered.map((name) => h("option", { value: name }, sourceName(name))));
  const button = h("button", { class: "button", type: "submit" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": t("health-import-sending") });
  const progress = h("p", { hidden: true }, bar);
  const outcome = h("div", { role: "status" });
  const name = () => { button.textContent = t(connected.has(source.value) ? "health-import-start" : "health-import-connect"); };

  const take = async (chosen: File) => {
    if (!connected.has(source.value)) {
      await send("PUT", `/v1/me/health/sources/${source.value}`, { metrics: every }, { "Idempotency-Key": uniqueKey() });
      connected.add(source.value);
      name();
    }
    const body = new FormData();
    body.append("format", formatOf(chosen) ?? "");
    body.append("timeZone", zone);
    body.append("file", chosen);
    askBeforeLeaving(true, body);
    const onProgress = (sent: number, bytes: number) => {
      const share = bar.value = sent / bytes;
      outcome.textContent = share < 1 ? t("health-import-share", { share: percent(Math.floor(share * 4) / 4) }) : t("health-import-reading");
    };
    return upload(`/v1/me/health/sources/${source.value}/files`, body, { onProgress }).finally(() => askBeforeLeaving(false, body));
  };
  /** Show an import until it is over, and then its result. */
  const finish = async (begun: Schemas["HealthFileImport"]) => {
    bar.setAttribute("aria-label", t("health-import-storing"));
    const done = await follow(begun, (now) => {
      if (now.total === null) bar.removeAttribute("value");
      else bar.value = now.handled / now.total;
      outcome.textContent = progressText(now);
    });
    if (done.state === "failed") throw new Problem({ title: t("health-import-problem"), detail: done.problem ?? t("try-later"), code: done.problemCode ?? undefined, reference: done.id });
    outcome.replaceChildren(...summarize(done));
    onImported();
  };
  const run = async (chosen: File) => {
    try {
      return await take(chosen);
    } catch (error) {
      if (!(error instanceof Problem && error.code === CONSENT_MISSING)) throw error;
      const agreed = await healthConsent({ title: t("health-import-consent"), hint: t("health-cloud-consent-hint") });
      return agreed ? take(chosen) : null;
    }
  };
  const submit = async () => {
    const chosen = file.files?.[0];
    const wrong = wrongWith(chosen);
    outcome.replaceChildren();
    clearBanner();
    if (wrong || !chosen) {
      showProblem({ title: t("health-import-problem"), detail: wrong });
      file.focus();
      return;
    }
    await busy(async () => {
      bar.value = 0;
      bar.setAttribute("aria-label", t("health-import-sending"));
      const begun = await stayDuring(() => run(chosen)); // the form has the file
      if (begun) await finish(begun);
      else outcome.replaceChildren();
    });
  };
  /** Show that a file is being imported. */
  const busy = async (work: () => Promise<void>) => {
    button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
    progress.hidden = false;
    try {
      await work();
    } catch (error) {
      outcome.replaceChildren();
      if (error instanceof Problem && error.code === FILE_UNREADABLE) file.value = "";
      refused(error);
    } finally {
      progress.hidden = true;
      button.removeAttribute("aria-disabled");
    }
  };

  source.addEventListener("change", name);
  name();
  byId("import-body").replaceChildren(
    h("p", { id: "import-hint" }, t("health-import-how", { limit: size(MAX_BYTES), records: decimal(MAX_RECORDS, 0) })),
    h("form", { class: "choices", onsubmit: (event: Event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled") !== "true") void submit();
    } },
    h("label", { class: "field file", for: "import-file" }, h("span", null, t("health-import-file")), file),
    h("label", { class: "field inline", for: "import-source" }, h("span", null, t("health-source")), source), button),
    progress, outcome);
  loadOrOffer(async () => {
    const begun = await unfinishedImport();
    if (begun) void busy(() => finish(begun));
  });
}

function refused(error: unknown) {
  const text = error instanceof Problem ? PROBLEMS[error.code ?? ""] : undefined;
  if (text) showProblem({ title: t("health-import-problem"), detail: text }, { kept: t("health-safe") });
  else showError(error, { kept: t("health-import-repeat") });
}
