/**
 * What went wrong while somebody trains, in a banner: what is kept, and what to do.
 * @module
 */

import { Problem } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { ELSEWHERE } from "../live/session-lock.js";
import { CameraRefused } from "./camera.js";
import { CONSENT_MISSING } from "./camera-consent.js";

const KEPT = "What was counted is kept.";

/** @typedef {{byHand: () => void, retry: () => void, agree: () => void}} Ways what the buttons do */

/** The camera's picture is gone. @param {import("./camera.js").Loss} why @param {() => void} onAgain */
export function tellLoss({ title, detail, advice }, onAgain) {
  showProblem({ title, detail }, { kept: KEPT, advice: `${advice} Or finish the session and go on by hand.`, action: "Turn on the camera", onAction: onAgain });
}

/** @param {unknown} error @param {Ways} ways @throws {unknown} what nobody foresaw */
export function tellRefusal(error, { byHand, retry, agree }) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, { advice: "You can train without a camera: count by hand, or upload a video.", action: "Count by hand", onAction: byHand });
  } else if (error instanceof Problem) {
    showProblem(error, adviceOn(error, retry, agree));
  } else throw error;
}

/** @param {Problem} problem @param {() => void} retry @param {() => void} agree @returns {import("../ui/banner.js").Advice} */
function adviceOn({ status, code }, retry, agree) {
  if (status === 401) return { kept: KEPT, advice: "Sign in in another tab, then go on here.", action: "Go on", onAction: retry };
  if (code === CONSENT_MISSING) return { kept: KEPT, advice: "No more frames are taken unless you agree.", action: "Read and agree", onAction: agree };
  if (code === ELSEWHERE) return { kept: KEPT, advice: "Go on there, or close it there and come back." };
  return code === "session.unknown" ? {} : { kept: KEPT, advice: "Try again in a moment." };
}
