/**
 * Instructions before a set: camera placement, tempo and technique, derived from the exercise
 * definition, so that everything mentioned is also measured.
 * @module
 */

import { t } from "../i18n/l10n.ts";

/** Maximum number of technique cues. */
const MOST_CUES = 4;

const VIEWS: Record<string, string> = { front: t("view-front"), side: t("view-side"), oblique: t("view-oblique"), rear: t("view-rear") };

/** "from the side or from the front". */
function viewWords(views: string[]) {
  if (Object.keys(VIEWS).every((view) => views.includes(view))) return t("view-any");
  return views.map((view) => VIEWS[view] ?? view).join(` ${t("or")} `);
}

/** Describe the camera placement. */
export function cameraWords({ views }: {views: string[], kind: "repetitions" | "hold"}) {
  return t("camera-must-see", { views: viewWords(views) });
}

/**
 * Describe distance and height of the camera. With a horizontal field of view of 60°, a person of 1.9 m
 * fills 85 % of the picture's height at 2.6 m and, lying down, 85 % of its width at 2 m.
 */
export function standWords() {
  return t("camera-stand");
}

/** Describe the tempo; null for a hold, which does not move. */
export function tempoWords({ kind, tempo }: {kind: "repetitions" | "hold", outward: "eccentric" | "concentric", tempo: {eccentricLeastS: number, concentricLeastS: number}}): string | null {
  if (kind === "hold") return null;
  
  return t("tempo-least", { lower: tempo.eccentricLeastS, lift: tempo.concentricLeastS });
}

/** Technique cues: corrections of the faults, the most serious first. */
export function careWords({ faults }: {faults: {cue: string, penalty: number}[]}): string[] {
  const cues = [...faults].sort((one, other) => other.penalty - one.penalty).map(({ cue }) => cue);
  return [...new Set(cues)].slice(0, MOST_CUES);
}
