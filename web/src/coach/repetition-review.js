/**
 * After a set each of its movements can be switched between counted and not counted, until the session is over.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { uniqueKey } from "../ui/dom.js";
import { words } from "../i18n/format.js";

/** The last frames of a set are counted a moment after they are sent; so often it is asked whether they are. */
const ASK_AGAIN_MS = 700;

/** @typedef {import("./rep-review.js").Movement} Movement */
/** @typedef {{onCount: (repetitions: number) => void, onProblem: (problem: unknown) => void}} Told */

/** Shows the movements of one set at a time in a `<rep-review>`. */
export class Reviewing {
  #place;
  #told;
  /** How often a set was to be shown: who waited meanwhile knows that it is another one. */
  #turns = 0;

  /** @param {import("./rep-review.js").RepReview} place @param {Told} told */
  constructor(place, told) {
    this.#place = place;
    this.#told = told;
  }

  /** Show a set as soon as all of it is counted. @param {string} session Its id. @param {number} set */
  async show(session, set) {
    const mine = ++this.#turns;
    this.#place.wait();
    while (mine === this.#turns) {
      const known = await this.#look(session, set);
      if (mine !== this.#turns) return;
      if (known?.status === "completed") {
        this.#fill(session, known, mine);
        return;
      }
      await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
    }
  }

  /** Nothing is to be judged any more. */
  clear() {
    this.#turns += 1;
    this.#place.clear();
  }

  /** What the log says of a set; null while the server cannot say. @param {string} session @param {number} set */
  async #look(session, set) {
    try {
      const { sets } = await request(path(session));
      return sets.find(({ number }) => number === set) ?? null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return null; // not there yet, or out of reach: the rest goes on without
    }
  }

  /** @param {string} session @param {any} known @param {number} mine */
  #fill(session, known, mine) {
    this.#place.show(known.movements, async (movement, accepted) => {
      try {
        const which = movement.number === null ? { startMs: movement.startMs } : { number: movement.number };
        const { sets } = await send("POST", `${path(session)}/overrule`, { set: known.number, ...which, accepted }, { "Idempotency-Key": uniqueKey() });
        const now = sets.find(({ number }) => number === known.number);
        if (mine !== this.#turns) return;
        this.#told.onCount(now.repetitions);
        this.#fill(session, now, mine);
      } catch (error) {
        this.#told.onProblem(error);
      }
    }, looksWords(known));
  }
}

/** @param {string} session */
function path(session) {
  return `/v1/workouts/${encodeURIComponent(session)}`;
}

/**
 * What is said of a set that was looked at twice, where the two differ: by the device, and by the server in its pictures (C-02).
 * @param {{looks?: {poses: "device" | "server", repetitions: number, faults: string[]}[], stands?: string | null}} set
 */
export function looksWords({ looks = [], stands = null }) {
  if (!looks.length) return "";
  const said = looks.map(({ poses, repetitions, faults }) =>
    `${poses === "device" ? "Your device" : "the server, in your pictures,"} saw ${repetitions}${faults.length ? ` (${faults.map(words).join(", ")})` : ""}`);
  const why = stands === "device" ? "the server saw too few pictures to count by" : "the server saw enough pictures to count by";
  return `${said.join("; ")}. The count of ${stands === "device" ? "your device" : "the server"} stands: ${why}.`;
}
