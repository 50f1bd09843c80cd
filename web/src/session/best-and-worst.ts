/**
 * The best and the worst repetition side by side, each as the skeleton at its extreme.
 * @module
 */

import { h } from "../ui/dom.ts";
import { words } from "../i18n/format.ts";
import { drawFitted, stillCanvas } from "./fitted-skeleton.ts";
import { isClean } from "./verdict.ts";
import { extremeOf } from "./worst-moment.ts";
import { t } from "../i18n/l10n.ts";
import type { PlacedRepetition, Samples } from "../api/client.ts";
import type { Frames } from "./pose-frames.ts";

/** How good a repetition is, for comparison with others. */
function rank({ form, faults, rangeOfMotionDeg }: PlacedRepetition) {
  return (form ?? 0) - faults.length + (rangeOfMotionDeg ?? 0) / 10_000;
}

/** The repetitions to compare: the best, and the worst if it is worse. */
export function compared(repetitions: PlacedRepetition[]): PlacedRepetition[] {
  const judged = repetitions.filter(({ form }) => form !== null).sort((a, b) => rank(b) - rank(a));
  const [best, worst] = [judged[0], judged.at(-1)];
  if (!best || !worst) return [];
  return worst !== best && (rank(best) - rank(worst) > 0.02 || !isClean(worst)) ? [best, worst] : [best];
}

function caption(rep: PlacedRepetition, isBest: boolean) {
  const degrees = rep.rangeOfMotionDeg === null ? "" : ` · ${Math.round(rep.rangeOfMotionDeg)}°`;
  const why = rep.faults.length ? ` · ${words(rep.faults[0])}` : "";
  return `${t(isBest ? "best-rep-number" : "worst-rep-number", { rep: rep.place })}${degrees}${isBest ? "" : why}`;
}

/**
 * Figures of the repetitions to compare; they are drawn by `draw` once their poses are loaded.
 * @returns null if no repetition was judged
 */
export function bestAndWorst(repetitions: PlacedRepetition[], { samples, frames, aspect }: {samples: Samples | null, frames: Frames, aspect: number}): {title: string, element: HTMLElement, draw: () => void} | null {
  const shown = compared(repetitions);
  if (shown.length === 0) return null;
  const figures = shown.map((rep, index) => ({ atS: extremeOf(rep, samples), canvas: stillCanvas(), words: caption(rep, index === 0), isBest: index === 0 }));
  return {
    title: shown.length > 1 ? t("best-and-worst") : t("best-rep"),
    element: h("div", { class: "side-by-side" }, figures.map(({ canvas, words: text, isBest }) => h("figure", { class: isBest ? "best" : "worst" }, canvas, h("figcaption", null, text)))),
    draw() {
      for (const { atS, canvas } of figures) {
        const points = frames.at(atS);
        if (points) drawFitted(canvas, points.slice(), aspect);
      }
    },
  };
}
