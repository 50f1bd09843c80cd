/**
 * What an athlete reads before a set: where to stand, how fast to move, what to take care of. All of
 * it is what the exercise's definition measures, so nothing is asked that nobody looks at.
 * @module
 */

/** Advice that is read before a set; more is not remembered. */
const MOST_CUES = 4;

const VIEWS = { front: "from the front", side: "from the side", oblique: "from half to the side", rear: "from behind" };

/** "from the side or from the front". @param {string[]} views */
function viewWords(views) {
  return views.map((view) => VIEWS[view] ?? view).join(" or ");
}

/** Where the camera has to be. @param {{views: string[], kind: "repetitions" | "hold"}} definition */
export function cameraWords({ views }) {
  return `The camera sees you ${viewWords(views)}, from head to feet, alone in the picture.`;
}

/** How fast it is done; of a hold nothing, as it does not move. @param {{kind: "repetitions" | "hold", outward: "eccentric" | "concentric", tempo: {eccentricLeastS: number, concentricLeastS: number}}} definition @returns {string | null} */
export function tempoWords({ kind, tempo }) {
  if (kind === "hold") return null;
  const seconds = (least) => `${least} ${least === 1 ? "second" : "seconds"}`;
  return `Lower for at least ${seconds(tempo.eccentricLeastS)}, lift for at least ${seconds(tempo.concentricLeastS)}.`;
}

/** What to take care of: the sentences that correct the faults, the gravest first. @param {{faults: {cue: string, penalty: number}[]}} definition @returns {string[]} */
export function careWords({ faults }) {
  const cues = [...faults].sort((one, other) => other.penalty - one.penalty).map(({ cue }) => cue);
  return [...new Set(cues)].slice(0, MOST_CUES);
}
