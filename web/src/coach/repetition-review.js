/**
 * Review of a set: the athlete can accept or reject each movement until the session ends.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { uniqueKey } from "../ui/dom.js";
import { words } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";

/** Poll interval: the last frames of a set are counted a moment after they are sent. */
const ASK_AGAIN_MS = 700;

/** @typedef {{onCount: (repetitions: number) => void, onProblem: (problem: unknown) => void}} Callbacks */

/** Shows the movements of one set at a time in a `<rep-review>`. */
export class RepetitionReview {
  #place;
  #callbacks;
  /** Increases with each set shown; older requests compare it and give up. */
  #turns = 0;

  /** @param {import("./rep-review.js").RepReview} place @param {Callbacks} callbacks */
  constructor(place, callbacks) {
    this.#place = place;
    this.#callbacks = callbacks;
  }

  /** Show a set as soon as it is completely counted. @param {string} session session ID @param {number} set */
  async show(session, set) {
    const mine = ++this.#turns;
    this.#place.wait();
    while (mine === this.#turns) {
      const result = await this.#look(session, set);
      if (mine !== this.#turns) return;
      if (result?.status === "completed") {
        this.#fill(session, result, mine);
        return;
      }
      await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS); });
    }
  }

  /** Hide the review. */
  clear() {
    this.#turns += 1;
    this.#place.clear();
  }

  /** Get a set from the server; null if it is not available. @param {string} session @param {number} set */
  async #look(session, set) {
    try {
      const { sets } = await request(path(session));
      return sets.find((/** @type {{number: number}} */ { number }) => number === set) ?? null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return null; // not there yet, or unreachable: the rest of the page works without
    }
  }

  /** @param {string} session @param {any} result @param {number} mine */
  #fill(session, result, mine) {
    this.#place.show(result.movements, async (movement, accepted) => {
      try {
        const which = movement.number === null ? { startMs: movement.startMs } : { number: movement.number };
        const { sets } = await send("POST", `${path(session)}/overrule`, { set: result.number, ...which, accepted }, { "Idempotency-Key": uniqueKey() });
        const now = sets.find((/** @type {{number: number}} */ { number }) => number === result.number);
        if (mine !== this.#turns) return;
        this.#callbacks.onCount(now.repetitions);
        this.#fill(session, now, mine);
      } catch (error) {
        this.#callbacks.onProblem(error);
      }
    }, describeCounts(result));
  }
}

/** @param {string} session */
function path(session) {
  return `/v1/workouts/${encodeURIComponent(session)}`;
}

/**
 * Compare the counts of a set that was counted twice: by the device, and by the server from pictures (C-02).
 * @param {{sourceCounts?: {poses: "device" | "server", repetitions: number, faults: string[]}[], acceptedSource?: string | null}} set
 */
export function describeCounts({ sourceCounts = [], acceptedSource = null }) {
  if (!sourceCounts.length) return "";
  const counts = sourceCounts.map(({ poses, repetitions, faults }) =>
    t(poses === "device" ? "device-counted" : "server-counted", { count: repetitions, faults: faults.length ? ` (${faults.map(words).join(", ")})` : "" }));
  
  return t(acceptedSource === "device" ? "device-count-applies" : "server-count-applies", { counts: counts.join("; ") });
}
