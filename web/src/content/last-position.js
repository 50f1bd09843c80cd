/**
 * Positions in videos where this device left off.
 * @module
 */

const STORED = "kinelog.watched";
const MOST = 50;

/** A position so near to the beginning or the end is not resumed. */
const EDGE_S = 5;

/** @returns {Record<string, number>} seconds by the ID of the video, the newest last */
function positions() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {}; // written by something else
  }
}

/** @param {string} id @param {number} durationS @returns {number} 0 for the beginning */
export function lastPosition(id, durationS) {
  const at = Number(positions()[id] ?? 0);
  return at > EDGE_S && at < durationS - EDGE_S ? at : 0;
}

/** @param {string} id @param {number} atS */
export function keepPosition(id, atS) {
  const { [id]: _, ...others } = positions();
  const kept = Object.entries({ ...others, [id]: Math.round(atS) }).slice(-MOST);
  localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(kept)));
}
