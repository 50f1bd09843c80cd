/**
 * Errors of the coach page as banners: what is kept, and what to do.
 * @module
 */

import { Problem } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { ELSEWHERE } from "../live/session-lock.js";
import { CameraRefused } from "./camera.js";
import { CONSENT_MISSING } from "./camera-consent.js";

const KEPT = "Your counted repetitions are kept.";

/** @typedef {{byHand: () => void, retry: () => void, agree: () => void}} Actions actions of the buttons */

/** Report a camera loss. @param {import("./camera.js").Loss} why @param {() => void} onAgain */
export function showCameraLoss({ title, detail, advice }, onAgain) {
  showProblem({ title, detail }, { kept: KEPT, advice: `${advice} Or finish the session and count manually.`, action: "Turn on the camera", onAction: onAgain });
}

/** @param {unknown} error @param {Actions} actions @throws {unknown} unexpected errors */
export function showTrainingError(error, { byHand, retry, agree }) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, { advice: "You can train without a camera: count manually, or upload a video.", action: "Count manually", onAction: byHand });
  } else if (error instanceof Problem) {
    showProblem(error, adviceOn(error, retry, agree));
  } else throw error;
}

/** @param {Problem} problem @param {() => void} retry @param {() => void} agree @returns {import("../ui/banner.js").Advice} */
function adviceOn({ status, code }, retry, agree) {
  if (status === 401) return { kept: KEPT, advice: "Sign in again in another tab, then continue here.", action: "Continue", onAction: retry };
  if (code === CONSENT_MISSING) return { kept: KEPT, advice: "Frames are processed only with your consent.", action: "Review consent", onAction: agree };
  if (code === ELSEWHERE) return { kept: KEPT, advice: "Continue there, or close the other tab and try again." };
  return code === "session.unknown" ? {} : { kept: KEPT, advice: "Try again in a moment." };
}
