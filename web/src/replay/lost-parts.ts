/**
 * Lost parts of a recording in words.
 * @module
 */

import "./texts.ts";
import { clock } from "../i18n/format.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import { merged } from "./breaks.ts";
import type { Replay } from "./replay.ts";

/** Number of lost parts listed by time, and the distance in seconds below which parts are merged. */
const MOST_LISTED = 3;
const LOST_APART_S = 0.2;

/** Say which parts of a recording are lost. */
export function lostParts(replay: Replay): string {
  const lost = merged(replay.missing, LOST_APART_S);
  const parts = lost.slice(0, MOST_LISTED).map(({ startS, endS }) => t("replay-range", { from: clock(startS, 1), until: clock(endS, 1) }));
  if (lost.length > MOST_LISTED) parts.push(t("replay-lost-more", { count: lost.length - MOST_LISTED }));
  return parts.length ? t("replay-lost-parts", { parts: new Intl.ListFormat(LANGUAGE).format(parts) }) : t("replay-lost-latest");
}
