/**
 * What went wrong while somebody follows a workout: what is kept, and what to do.
 * @module
 */

import { Problem } from "../api/client.js";
import { CONSENT_MISSING } from "../coach/camera-consent.js";
import { ELSEWHERE } from "../live/session-lock.js";
import { ON_ITS_WAY } from "./reporter.js";

/** @typedef {{takeOver: () => void, agree: () => void, retry: () => void}} Ways what the buttons do */

const KEPT = "What was counted is kept.";
const MOVED = "workout.moved";

/** What these say is so for good. */
const REFUSED = new Set([403, 404, 409, 422]);

/** What the server will not do is not asked for again; everything else may be. @param {Problem} problem @param {boolean} isGuided whether the workout has begun here @param {Ways} ways @returns {import("../ui/banner.js").Advice} */
export function adviceOn({ status, code }, isGuided, { takeOver, agree, retry }) {
  if (code === ON_ITS_WAY) return { kept: "Nothing of it is lost." };
  if (code === MOVED) return { kept: KEPT, advice: "Go on from here." };
  if (code === ELSEWHERE) return { kept: KEPT, action: "Go on here", onAction: takeOver };
  if (code === CONSENT_MISSING) return { kept: KEPT, advice: "No more frames are taken unless you agree.", action: "Read and agree", onAction: agree };
  const advice = status === 401 ? "Sign in in another tab, then go on here." : "Try again in a moment.";
  if (!isGuided) return status === 404 ? { advice: "Choose a workout from the list." } : { advice };
  return REFUSED.has(status) ? { kept: KEPT } : { kept: KEPT, advice, action: "Try again", onAction: retry };
}

/** Another device went on with the workout. */
export function moved() {
  return new Problem({ title: "The workout went on elsewhere.", detail: "Another device did more of it. It is shown here as it stands now.", code: MOVED });
}
