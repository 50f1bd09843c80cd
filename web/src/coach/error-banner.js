/**
 * Errors of the coach page as banners: what is kept, and what to do.
 * @module
 */

import { Problem } from "../api/client.js";
import { showProblem } from "../ui/banner.js";
import { ELSEWHERE } from "../live/session-lock.js";
import { CameraRefused } from "./camera.js";
import { CONSENT_MISSING } from "./camera-consent.js";
import { t } from "../i18n/l10n.js";

const KEPT = t("reps-kept");

/** @typedef {{byHand: () => void, retry: () => void, agree: () => void}} Actions actions of the buttons */

/** Report a camera loss. @param {import("./camera.js").Loss} why @param {() => void} onAgain */
export function showCameraLoss({ title, detail, advice }, onAgain) {
  showProblem({ title, detail }, { kept: KEPT, advice: t("camera-loss-advice", { advice }), action: t("turn-on-camera"), onAction: onAgain });
}

/** @param {unknown} error @param {Actions} actions @throws {unknown} unexpected errors */
export function showTrainingError(error, { byHand, retry, agree }) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, { advice: t("camera-without"), action: t("count-manually"), onAction: byHand });
  } else if (error instanceof Problem) {
    showProblem(error, adviceOn(error, retry, agree));
  } else throw error;
}

/** @param {Problem} problem @param {() => void} retry @param {() => void} agree @returns {import("../ui/banner.js").Advice} */
function adviceOn({ status, code }, retry, agree) {
  if (status === 401) return { kept: KEPT, advice: t("sign-in-other-tab"), action: t("continue"), onAction: retry };
  if (code === CONSENT_MISSING) return { kept: KEPT, advice: t("frames-need-consent"), action: t("review-consent"), onAction: agree };
  if (code === ELSEWHERE) return { kept: KEPT, advice: t("continue-elsewhere") };
  return code === "session.unknown" ? {} : { kept: KEPT, advice: t("try-in-a-moment") };
}
