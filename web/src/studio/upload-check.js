/**
 * First check of a file, before anything is sent: format, size and quota, as the server checks them.
 * @module
 */

import { Problem, request } from "../api/client.js";
import { size } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("../api/client.js").Schemas["ContentUsage"]} Usage */

/** Browsers do not name the format of every file. @type {Record<string, string>} */
const TYPES = { mp4: "video/mp4", m4v: "video/mp4", mov: "video/quicktime", webm: "video/webm", mkv: "video/x-matroska" };

/** @param {File} file @returns {string} its format, or "" */
export function mediaType({ name, type }) {
  return TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? type;
}

/** Title for a file: its name as words. @param {File} file */
export function titleOf({ name }) {
  return name.replace(/\.\w+$/, "").replaceAll(/[\p{Cc}_\s]+/gu, " ").trim();
}

/** @returns {Promise<Usage>} @throws {Problem} */
export function loadUsage() {
  return request("/v1/content/usage");
}

/** Why the server would refuse a file, or null. @param {File} file @param {Usage} usage @returns {Problem | null} */
export function problemOf(file, { usedBytes, limitBytes, maxFileBytes, mediaTypes }) {
  if (!mediaTypes.includes(mediaType(file))) return new Problem({ title: t("studio-wrong-format"), detail: t("studio-formats") });
  if (file.size === 0) return new Problem({ title: t("studio-empty-file") });
  if (file.size > maxFileBytes) return new Problem({ title: t("studio-too-large"), detail: t("studio-too-large-detail", { size: size(file.size), most: size(maxFileBytes) }) });
  if (usedBytes + file.size > limitBytes) return new Problem({ title: t("studio-no-room"), detail: t("studio-no-room-detail", { size: size(file.size), left: size(Math.max(0, limitBytes - usedBytes)) }) });
  return null;
}
