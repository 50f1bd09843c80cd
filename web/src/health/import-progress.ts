/**
 * How far an import of a health file is, and its result.
 * @module
 */

import { Problem, request, type Schemas } from "../api/client.ts";
import { decimal } from "../i18n/format.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { h, isPresent } from "../ui/dom.ts";

type Import = Schemas["HealthFileImport"];

const ASK_AGAIN_MS = 1000;

/** Why a record was refused, by code. */
const REASONS: Record<string, string> = {
  "health.value_impossible": t("health-refused-value"),
  "health.unit_unknown": t("health-refused-unit"),
  "health.metric_unknown": t("health-refused-metric"),
  "health.not_shared": t("health-refused-not-shared"),
  "health.time_in_future": t("health-refused-future"),
  "health.time_impossible": t("health-refused-time"),
  "health.record_repeated": t("health-refused-repeated"),
  "health.device_invalid": t("health-refused-device"),
};

const isOver = ({ state }: Import) => state === "done" || state === "failed";

/** The newest import, if it is not over. */
export async function unfinishedImport(): Promise<Import | null> {
  const { items } = await request("/v1/me/health/imports?first=1");
  return items.length && !isOver(items[0]) ? items[0] : null;
}

/** Poll until an import is over. */
export async function follow(begun: Import, onProgress: (now: Import) => void): Promise<Import> {
  let now = begun;
  while (!isOver(now)) {
    onProgress(now);
    await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
    try {
      now = await request(`/v1/me/health/imports/${begun.id}`);
    } catch (error) {
      if (!(error instanceof Problem && error.isTemporary)) throw error; // it is asked again
    }
  }
  return now;
}

/** How far an import is, as a sentence. */
export function progressText({ total, handled }: Import) {
  return total === null ? t("health-import-reading") : t("health-import-stored", { handled: decimal(handled, 0), total: decimal(total, 0) });
}

/** The result of an import, as elements. */
export function summarize({ accepted, unchanged, rejected, rejections }: Import) {
  const codes = [...new Set(rejections.map(({ code }) => code))];
  const count = (wanted: string) => decimal(rejections.filter(({ code }) => code === wanted).length, 0);
  return [
    h("p", null, t("health-import-done", { accepted: decimal(accepted, 0), unchanged: decimal(unchanged, 0), rejected: decimal(rejected, 0) })),
    rejected > rejections.length && h("p", { class: "hint" }, t("health-import-first", { count: decimal(rejections.length, 0) })),
    codes.length > 0 && h("ul", { class: "points" }, codes.map((code) => h("li", null, `${REASONS[code] ?? textOr(code, code)}: ${count(code)}`))),
  ].filter(isPresent);
}
