/**
 * Review of a set: the athlete can accept or reject each movement until the session ends.
 * @module
 */

import { Problem, request, send, type Schemas } from "../api/client.ts";
import { uniqueKey } from "../ui/dom.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { RepReview } from "./rep-review.ts";

/** Poll interval: the last frames of a set are counted a moment after they are sent. */
const ASK_AGAIN_MS = 700;

type Callbacks = {onCount: (repetitions: number) => void, onProblem: (problem: unknown) => void};

/** Shows the movements of one set at a time in a `<rep-review>`. */
export class RepetitionReview {
  #place;
  #callbacks;
  /** Increases with each set shown; older requests compare it and give up. */
  #turns = 0;

  constructor(place: RepReview, callbacks: Callbacks) {
    this.#place = place;
    this.#callbacks = callbacks;
  }

  /** Show a set as soon as it is completely counted. @param session session ID */
  async show(session: string, set: number) {
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

  /** Get a set from the server; null if it is not available. */
  async #look(session: string, set: number) {
    try {
      const { sets } = await request(path(session));
      return sets.find(({ number }) => number === set) ?? null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return null; // not there yet, or unreachable: the rest of the page works without
    }
  }

  #fill(session: string, result: Schemas["PerformedSet"], mine: number) {
    this.#place.show(result.movements, async (movement, accepted) => {
      try {
        const which = movement.number === null ? { startMs: movement.startMs } : { number: movement.number };
        const { sets } = await send("POST", `${path(session)}/overrule`, { set: result.number, ...which, accepted }, { "Idempotency-Key": uniqueKey() });
        const now = sets.find(({ number }) => number === result.number);
        if (mine !== this.#turns || !now) return;
        this.#callbacks.onCount(now.repetitions);
        this.#fill(session, now, mine);
      } catch (error) {
        this.#callbacks.onProblem(error);
      }
    }, describeCounts(result));
  }
}

function path(session: string) {
  return `/v1/workouts/${encodeURIComponent(session)}` as const;
}

/** Compare the counts of a set that was counted twice: by the device, and by the server from pictures (C-02). */
export function describeCounts({ sourceCounts = [], acceptedSource = null }: {sourceCounts?: {poses: "device" | "server", repetitions: number, faults: string[]}[], acceptedSource?: string | null}) {
  if (!sourceCounts.length) return "";
  const counts = sourceCounts.map(({ poses, repetitions, faults }) =>
    t(poses === "device" ? "device-counted" : "server-counted", { count: repetitions, faults: faults.length ? ` (${faults.map(words).join(", ")})` : "" }));
  
  return t(acceptedSource === "device" ? "device-count-applies" : "server-count-applies", { counts: counts.join("; ") });
}
