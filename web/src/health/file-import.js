/**
 * Import of a file of health records on the health page.
 * @module
 */

import { Problem, problemFrom, send, unreachable } from "../api/client.js";
import { credentials } from "../api/credentials.js";
import { traceHeaders } from "../api/tracing.js";
import { CONSENT_MISSING, healthConsent } from "../coach/camera-consent.js";
import { decimal, percent, size } from "../i18n/format.js";
import { t, textOr } from "../i18n/l10n.js";
import { clearBanner, showProblem } from "../ui/banner.js";
import { byId, h, uniqueKey } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { askBeforeLeaving } from "../ui/leave-guard.js";
import { SOURCES, sourceName } from "./figures.js";

/** @typedef {import("../api/client.js").Schemas} Schemas */

/** Largest file, in bytes, as the server accepts it. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Formats by the end of the file's name. @type {Record<string, string>} */
const FORMATS = { csv: "csv", gpx: "gpx", tcx: "tcx", fit: "fit", zip: "apple_health" };

/** Why a file was not imported, by problem code. @type {Record<string, string>} */
const PROBLEMS = {
  "health.file_unreadable": t("health-import-unreadable"),
  "health.file_too_large": t("health-import-too-many"),
  "health.reader_unavailable": t("health-import-unavailable"),
};

/** Why a record was refused, by code. @type {Record<string, string>} */
const REASONS = {
  "health.value_impossible": t("health-refused-value"),
  "health.unit_unknown": t("health-refused-unit"),
  "health.metric_unknown": t("health-refused-metric"),
  "health.not_shared": t("health-refused-not-shared"),
  "health.time_in_future": t("health-refused-future"),
  "health.time_impossible": t("health-refused-time"),
  "health.record_repeated": t("health-refused-repeated"),
  "health.device_invalid": t("health-refused-device"),
};

/** @param {File | undefined} file @returns {string} what is wrong with it, or "" */
function wrongWith(file) {
  if (!file) return t("health-import-none");
  if (!formatOf(file)) return t("health-import-format");
  if (file.size === 0) return t("health-import-empty");
  return file.size > MAX_BYTES ? t("health-import-large", { size: size(file.size), limit: size(MAX_BYTES) }) : "";
}

/** @param {File} file @returns {string | undefined} */
function formatOf(file) {
  return FORMATS[file.name.split(".").at(-1)?.toLowerCase() ?? ""];
}

/**
 * Show the form.
 * @param {{zone: string, sources: Schemas["HealthSource"][], every: string[]}} whose `every`: all metrics
 * @param {() => void} onImported
 */
export function showImport({ zone, sources, every }, onImported) {
  const connected = new Set(sources.filter((each) => each.connected).map(({ source }) => /** @type {string} */ (source)));
  const offered = SOURCES.filter((name) => connected.has(name) || name === "apple_health" || name === "health_connect");
  const file = h("input", { id: "import-file", type: "file", accept: Object.keys(FORMATS).map((end) => `.${end}`).join(), "aria-describedby": "import-hint" });
  const source = h("select", { id: "import-source" }, offered.map((name) => h("option", { value: name }, sourceName(name))));
  const button = h("button", { class: "button", type: "submit" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": t("health-import-sending") });
  const progress = h("p", { hidden: true }, bar);
  const outcome = h("div", { role: "status" });
  const name = () => { button.textContent = t(connected.has(source.value) ? "health-import-start" : "health-import-connect"); };

  const take = async () => {
    if (!connected.has(source.value)) {
      await send("PUT", `/v1/me/health/sources/${source.value}`, { metrics: every }, { "Idempotency-Key": uniqueKey() });
      connected.add(source.value);
      name();
    }
    const body = new FormData();
    body.append("format", formatOf(file.files[0]) ?? "");
    body.append("timeZone", zone);
    body.append("file", file.files[0]);
    return post(`/v1/me/health/sources/${source.value}/files`, body, (share) => {
      bar.value = share;
      outcome.textContent = share < 1 ? t("health-import-share", { share: percent(Math.floor(share * 4) / 4) }) : t("health-import-reading");
    });
  };
  const run = async () => {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof Problem && error.code === CONSENT_MISSING)) throw error;
      const agreed = await healthConsent({ title: t("health-import-consent"), hint: t("health-cloud-consent-hint") });
      return agreed ? take() : null;
    }
  };
  const submit = async () => {
    const wrong = wrongWith(file.files[0]);
    outcome.replaceChildren();
    clearBanner();
    if (wrong) {
      showProblem({ title: t("health-import-problem"), detail: wrong });
      file.focus();
      return;
    }
    button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
    progress.hidden = false;
    try {
      const done = await run();
      outcome.replaceChildren(...(done ? summarize(done) : []));
      if (done) onImported();
    } catch (error) {
      outcome.replaceChildren();
      refused(error);
    } finally {
      progress.hidden = true;
      button.removeAttribute("aria-disabled");
    }
  };

  source.addEventListener("change", name);
  name();
  byId("import-body").replaceChildren(
    h("p", { id: "import-hint" }, t("health-import-how", { limit: size(MAX_BYTES), records: decimal(20_000, 0) })),
    h("form", { class: "choices", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled") !== "true") void submit();
    } },
    h("label", { class: "field file", for: "import-file" }, h("span", null, t("health-import-file")), file),
    h("label", { class: "field inline", for: "import-source" }, h("span", null, t("health-source")), source), button),
    progress, outcome);
}

/** @param {unknown} error */
function refused(error) {
  const text = error instanceof Problem ? PROBLEMS[error.code ?? ""] : undefined;
  if (text) showProblem({ title: t("health-import-problem"), detail: text }, { kept: t("health-safe") });
  else showError(error, { kept: t("health-import-repeat") });
}

/** @param {Schemas["HealthFileImported"]} done */
function summarize({ accepted, unchanged, rejected, rejections }) {
  const codes = [...new Set(rejections.map(({ code }) => code))];
  const count = (/** @type {string} */ wanted) => decimal(rejections.filter(({ code }) => code === wanted).length, 0);
  return [
    h("p", null, t("health-import-done", { accepted: decimal(accepted, 0), unchanged: decimal(unchanged, 0), rejected: decimal(rejected, 0) })),
    rejected > rejections.length && h("p", { class: "hint" }, t("health-import-first", { count: decimal(rejections.length, 0) })),
    codes.length > 0 && h("ul", { class: "points" }, codes.map((code) => h("li", null, `${REASONS[code] ?? textOr(code, code)}: ${count(code)}`))),
  ].filter(Boolean);
}

/**
 * Send the form. XMLHttpRequest, because `fetch` reports no upload progress.
 * @param {string} path @param {FormData} body @param {(share: number) => void} onProgress
 * @returns {Promise<Schemas["HealthFileImported"]>} @throws {Problem}
 */
async function post(path, body, onProgress) {
  const who = await credentials();
  const sending = new XMLHttpRequest();
  askBeforeLeaving(true);
  try {
    await new Promise((resolve, reject) => {
      sending.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
      sending.addEventListener("load", resolve);
      sending.addEventListener("error", () => reject(unreachable()));
      sending.open("POST", path);
      for (const [name, value] of Object.entries({ Accept: "application/json", ...traceHeaders(), ...who })) sending.setRequestHeader(name, value);
      sending.send(body);
    });
  } finally {
    askBeforeLeaving(false);
  }
  if (sending.status !== 200) throw problemFrom(sending.status, sending.responseText, sending.getResponseHeader("Request-ID"));
  return JSON.parse(sending.responseText);
}
