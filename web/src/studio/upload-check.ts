/**
 * First check of a file, before anything is sent: format, size and quota, as the server checks them.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { size } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { shortName } from "../ui/file-name.ts";
import { constraintsOf } from "../ui/schema-fields.ts";

export type Usage = Schemas["ContentUsage"];

/** Browsers do not name the format of every file. */
const TYPES: Record<string, string> = { mp4: "video/mp4", m4v: "video/mp4", mov: "video/quicktime", webm: "video/webm", mkv: "video/x-matroska" };

/** @returns its format, or "" */
export function mediaType({ name, type }: File): string {
  return TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? type;
}

/** Title for a file: its name as words, as far as the server takes it. */
export function titleOf({ name }: File) {
  const words = name.replace(/\.\w+$/, "").replaceAll(/[\p{Cc}_\s]+/gu, " ").trim();
  return shortName(words, constraintsOf("RequestContentUpload.title").maxlength ?? Infinity).trim();
}

/** @throws {Problem} */
export function loadUsage(): Promise<Usage> {
  return request("/v1/content/usage");
}

/** Why the server would refuse a file, or null. */
export function problemOf(file: File, { usedBytes, limitBytes, maxFileBytes, mediaTypes }: Usage): Problem | null {
  if (!mediaTypes.includes(mediaType(file))) return new Problem({ title: t("studio-wrong-format"), detail: t("studio-formats") });
  if (file.size === 0) return new Problem({ title: t("studio-empty-file") });
  if (file.size > maxFileBytes) return new Problem({ title: t("studio-too-large"), detail: t("studio-too-large-detail", { size: size(file.size), most: size(maxFileBytes) }) });
  if (usedBytes + file.size > limitBytes) return new Problem({ title: t("studio-no-room"), detail: t("studio-no-room-detail", { size: size(file.size), left: size(Math.max(0, limitBytes - usedBytes)) }) });
  return null;
}
