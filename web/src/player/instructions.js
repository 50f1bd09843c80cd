/**
 * Instructions before a set: camera placement, tempo and technique, derived from the exercise
 * definition, so that everything mentioned is also measured.
 * @module
 */

/** Maximum number of technique cues. */
const MOST_CUES = 4;

const VIEWS = { front: "from the front", side: "from the side", oblique: "at an angle", rear: "from behind" };

/** "from the side or from the front". @param {string[]} views */
function viewWords(views) {
  if (Object.keys(VIEWS).every((view) => views.includes(view))) return "from any side";
  return views.map((view) => VIEWS[view] ?? view).join(" or ");
}

/** Describe the camera placement. @param {{views: string[], kind: "repetitions" | "hold"}} definition */
export function cameraWords({ views }) {
  return `The camera must see you ${viewWords(views)}, from head to feet and alone.`;
}

/**
 * Describe distance and height of the camera. With a horizontal field of view of 60°, a person of 1.9 m
 * fills 85 % of the picture's height at 2.6 m and, lying down, 85 % of its width at 2 m.
 */
export function standWords() {
  return "Place it at hip height, 2.5 to 3 meters away. For exercises lying down, place it low and 2 meters away.";
}

/** Describe the tempo; null for a hold, which does not move. @param {{kind: "repetitions" | "hold", outward: "eccentric" | "concentric", tempo: {eccentricLeastS: number, concentricLeastS: number}}} definition @returns {string | null} */
export function tempoWords({ kind, tempo }) {
  if (kind === "hold") return null;
  const seconds = (least) => `${least} ${least === 1 ? "second" : "seconds"}`;
  return `Lower for at least ${seconds(tempo.eccentricLeastS)}, lift for at least ${seconds(tempo.concentricLeastS)}.`;
}

/** Technique cues: corrections of the faults, the most serious first. @param {{faults: {cue: string, penalty: number}[]}} definition @returns {string[]} */
export function careWords({ faults }) {
  const cues = [...faults].sort((one, other) => other.penalty - one.penalty).map(({ cue }) => cue);
  return [...new Set(cues)].slice(0, MOST_CUES);
}
