/**
 * Storage that recordings use, above the list of sessions.
 * @module
 */

import { Problem, request } from "../api/client.ts";
import { size } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";

/** Show the storage used by recordings; the list works without it. */
export async function showStorage() {
  try {
    const { recordings, bytes } = await request("/v1/recordings/storage");
    byId("storage").textContent = recordings || bytes ? t("storage-used", { count: recordings, size: size(bytes) }) : t("no-recordings");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    byId("storage").textContent = t("storage-unknown");
  }
}
