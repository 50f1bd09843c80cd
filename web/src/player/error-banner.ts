/**
 * Errors of the workout player: what is kept, and what to do.
 * @module
 */

import { Problem } from "../api/client.ts";
import { requiresFactor } from "../api/credentials.ts";
import { factorAdvice } from "../coach/error-banner.ts";
import { CONSENT_MISSING } from "../coach/camera-consent.ts";
import { NO_CONNECTION } from "../live/recording-socket.ts";
import { ELSEWHERE } from "../live/session-lock.ts";
import { STILL_SENDING } from "./earlier-data.ts";
import { t } from "../i18n/l10n.ts";
import { WORKOUT_CHANGED } from "../workouts/workout-api.ts";
import { signInAdvice } from "../ui/forms.ts";
import type { Advice } from "../ui/banner.ts";

/** actions of the buttons */
type Actions = {takeOver: () => void, agree: () => void, retry: () => void};

const KEPT = t("reps-kept");
const MOVED = "workout.moved";

/** Offers to open the page again. */
export const REOPENING: Advice = { action: t("try-again"), onAction: () => location.reload() };

/** Statuses of refusals that a retry cannot change. */
const REFUSED = new Set([403, 404, 409, 422]);

/** Advice for a problem; only temporary problems offer a retry. @param isGuided whether the workout has started on this page */
export function adviceOn(problem: Problem, isGuided: boolean, { takeOver, agree, retry }: Actions): Advice {
  const { status, code } = problem;
  if (requiresFactor(problem)) return factorAdvice(retry);
  if (code === WORKOUT_CHANGED) return {}; // it says what to do
  if (code === STILL_SENDING) return { kept: t("nothing-lost") };
  if (code === MOVED) return { kept: KEPT, advice: t("continue-from-here") };
  if (code === ELSEWHERE) return { kept: KEPT, action: t("continue-here"), onAction: takeOver };
  if (code === NO_CONNECTION) return { kept: KEPT };
  if (code === CONSENT_MISSING) return { kept: KEPT, advice: t("frames-need-consent"), action: t("review-consent"), onAction: agree };
  const advice = status === 401 ? { advice: t("sign-in-other-tab"), link: signInAdvice(problem)?.link } : { advice: t("try-in-a-moment") };
  if (!isGuided) return status === 404 ? { advice: t("choose-from-list") } : advice;
  return REFUSED.has(status) ? { kept: KEPT } : { kept: KEPT, ...advice, action: t("try-again"), onAction: retry };
}

/** The problem shown when another device continued the workout. */
export function moved() {
  return new Problem({ title: t("workout-moved"), detail: t("workout-moved-detail"), code: MOVED });
}
