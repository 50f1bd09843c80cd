/**
 * Breaks of a recording: time between sets, before the first, after the last, and pauses.
 * @module
 */

import type { Markers, Stretch } from "./markers.ts";

/** Seconds before and after a set that are not part of the break. */
const MARGIN_S = 1;

/** Minimum length of a break in seconds. */
const LEAST_S = 2;

/** Time from the first to the last repetition of each set; the whole set if it has none (a hold). */
function trained({ sets, repetitions }: Markers): Stretch[] {
  const bySet: Map<number, Stretch> = new Map(sets.filter(({ set }) => !repetitions.some((each) => each.set === set)).map((each) => [each.set, each]));
  for (const { set, startS, endS } of repetitions) {
    const range = bySet.get(set);
    bySet.set(set, { startS: Math.min(range?.startS ?? startS, startS), endS: Math.max(range?.endS ?? endS, endS) });
  }
  return [...bySet.values()].sort((a, b) => a.startS - b.startS);
}

/**
 * List the breaks in order. If it is unknown when sets took place, only pauses count.
 * @param start seconds @param end seconds
 */
export function breaksOf(markers: Markers, start: number, end: number): Stretch[] {
  const ranges = trained(markers);
  const between: Stretch[] = [];
  let from = start;
  for (const { startS, endS } of ranges) {
    between.push({ startS: from, endS: startS - MARGIN_S });
    from = Math.max(from, endS + MARGIN_S);
  }
  if (ranges.length > 0) between.push({ startS: from, endS: end });
  return merged([...between, ...markers.pauses]).filter(({ startS, endS }) => endS - startS >= LEAST_S);
}

/** Merge stretches that overlap or are at most `apartS` apart. @param apartS seconds */
export function merged(stretches: Stretch[], apartS = 0): Stretch[] {
  const ranges: Stretch[] = [];
  for (const each of [...stretches].sort((a, b) => a.startS - b.startS)) {
    const last = ranges.at(-1);
    if (each.endS <= each.startS) continue;
    if (last && each.startS <= last.endS + apartS) last.endS = Math.max(last.endS, each.endS);
    else ranges.push({ ...each });
  }
  return ranges;
}

/** The break at a time, unless it ends within 0.1 s. */
export function breakAt(breaks: Stretch[], timeS: number): Stretch | null {
  return breaks.find(({ startS, endS }) => startS <= timeS && timeS < endS - 0.1) ?? null;
}
