/**
 * Errors of the coach page as banners: what is kept, and what to do.
 * @module
 */

import { Problem } from "../api/client.ts";
import { FACTOR_PAGE, requiresFactor } from "../api/credentials.ts";
import { showProblem, type Advice } from "../ui/banner.ts";
import { signInAdvice } from "../ui/forms.ts";
import { NO_CONNECTION } from "../live/recording-socket.ts";
import { ELSEWHERE } from "../live/session-lock.ts";
import { CameraRefused, type Loss } from "./camera.ts";
import { CONSENT_MISSING } from "./camera-consent.ts";
import { t } from "../i18n/l10n.ts";

const KEPT = t("reps-kept");

/** actions of the buttons */
type Actions = {byHand: () => void, retry: () => void, agree: () => void};

/** Report a camera loss. */
export function showCameraLoss({ title, detail, advice }: Loss, onAgain: () => void) {
  showProblem({ title, detail }, { kept: KEPT, advice: t("camera-loss-advice", { advice }), action: t("turn-on-camera"), onAction: onAgain });
}

/** @throws {unknown} unexpected errors */
export function showTrainingError(error: unknown, { byHand, retry, agree }: Actions) {
  if (error instanceof CameraRefused) {
    showProblem({ title: error.title, detail: error.advice }, { advice: t("camera-without"), action: t("count-manually"), onAction: byHand });
  } else if (error instanceof Problem) {
    showProblem(error, adviceOn(error, retry, agree));
  } else throw error;
}

/** Advice for a page whose data is kept until the user has confirmed the sign-in in another tab. */
export function factorAdvice(retry: () => void): Advice {
  return { kept: KEPT, advice: t("confirm-other-tab"), link: { href: FACTOR_PAGE, label: t("confirm-sign-in") }, action: t("continue"), onAction: retry };
}

function adviceOn(problem: Problem, retry: () => void, agree: () => void): Advice {
  const { status, code } = problem;
  if (requiresFactor(problem)) return factorAdvice(retry);
  if (status === 401) return { kept: KEPT, advice: t("sign-in-other-tab"), link: signInAdvice(problem)?.link, action: t("continue"), onAction: retry };
  if (code === NO_CONNECTION) return { kept: KEPT };
  if (code === CONSENT_MISSING) return { kept: KEPT, advice: t("frames-need-consent"), action: t("review-consent"), onAction: agree };
  if (code === ELSEWHERE) return { kept: KEPT, advice: t("continue-elsewhere") };
  return code === "session.unknown" ? {} : { kept: KEPT, advice: t("try-in-a-moment") };
}
