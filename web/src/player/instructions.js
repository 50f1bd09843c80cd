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
  if (Object.keys(VIEWS).every((view) => views.includes(view))) return "from any side";
  return views.map((view) => VIEWS[view] ?? view).join(" or ");
}

/** Where the camera has to be. @param {{views: string[], kind: "repetitions" | "hold"}} definition */
export function cameraWords({ views }) {
  return `The camera sees you ${viewWords(views)}, from head to feet, alone in the picture.`;
}

/**
 * How far away and how high it stands. Of a camera with a field of view of 60° across, held wide, a
 * person of 1.9 m fills 85 % of the picture's height at 2.6 m, and lying 85 % of its width at 2 m.
 */
export function standWords() {
  return "Put it at the height of your hips, 2.5 to 3 metres away. If you lie down, 2 metres away and low.";
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
