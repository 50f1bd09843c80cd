/**
 * A prescription says what to do line by line; an athlete does it set by set.
 * @module
 */

/**
 * One line of a prescription: either repetitions or seconds of a hold are its target.
 * @typedef {{exerciseId: string, sets: number, targetRepetitions: number | null, targetHoldS: number | null, restS: number}} Line
 */
/**
 * One set of the plan.
 * @typedef {object} Step
 * @property {number} line From 0: which line of the prescription it belongs to.
 * @property {number} set From 1, of its line.
 * @property {number} sets Of its line.
 * @property {string} exerciseId
 * @property {"repetitions" | "hold"} unit Of target and amount; a hold is measured in seconds.
 * @property {number} target
 * @property {number} restS Before the next step; the last one is followed by none.
 */

/** The sets of a prescription in the order in which they are done. @param {Line[]} lines @returns {Step[]} */
export function stepsOf(lines) {
  return lines.flatMap(({ exerciseId, sets, targetRepetitions, targetHoldS, restS }, line) =>
    Array.from({ length: sets }, (_, index) => ({
      line, set: index + 1, sets, exerciseId, restS,
      unit: targetRepetitions === null ? /** @type {const} */ ("hold") : /** @type {const} */ ("repetitions"),
      target: targetRepetitions ?? targetHoldS ?? 0,
    })));
}

/** "10 repetitions", "1 second". @param {number} amount @param {Step["unit"]} unit */
export function amountWords(amount, unit) {
  const one = unit === "hold" ? "second" : "repetition";
  return `${amount} ${amount === 1 ? one : `${one}s`}`;
}

/** "Set 2 of 3". @param {Step} step */
export function placeWords({ set, sets }) {
  return `Set ${set} of ${sets}`;
}

/** How long a plan takes by what it says itself: a repetition counts for three seconds. @param {Line[]} lines @returns {number} whole minutes, at least 1 */
export function minutesOf(lines) {
  const steps = stepsOf(lines);
  const working = steps.reduce((sum, { unit, target }) => sum + (unit === "hold" ? target : 3 * target), 0);
  const resting = steps.slice(0, -1).reduce((sum, { restS }) => sum + restS, 0);
  return Math.max(1, Math.round((working + resting) / 60));
}
