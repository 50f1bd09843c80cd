/**
 * Records the camera sessions of a training, and connects the recording controls to it.
 * @module
 */

import { athlete, Problem } from "../api/client.js";
import { Recording } from "../live/recording.js";
import { deleteOldRecordings, leftRecordings } from "../live/recording-log.js";
import { announce, byId } from "../ui/dom.js";
import { useWorkoutStore } from "../stores/workout.js";
import { useSessionStore } from "../stores/session.js";
import { CONSENT_MISSING } from "./camera-consent.js";
import { t } from "../i18n/l10n.js";

/** Codes of the problems that end a recording while the training continues: no consent, or another device records. */
const UNRECORDED = new Set([CONSENT_MISSING, "recording.already_started", "recording.not_underway"]);

/**
 * Record each session from its first set on if the athlete keeps movements; otherwise the controls can start it.
 * @param {{record: import("./session-capture.js").SessionCapture["record"], name: () => string}} training `name`: usual name of a recording
 * @param {(problem: unknown) => void} onProblem
 */
export function connectRecordingControls({ record, name }, onProblem) {
  const controls = byId("recorder");
  /** @type {Recording | null} */
  let recording = null;
  /** ID of the session that is recorded. @type {string | null} */
  let session = null;

  /** @param {{name: string, description: string}} what */
  function start(what) {
    if (recording?.isRefused && session === useSessionStore.get().id) {
      recording.retry();
      return;
    }
    const { videoWidth, videoHeight } = byId("stage").video;
    session = useSessionStore.get().id;
    recording = record(what, videoWidth / videoHeight);
    recording.addEventListener("status", (event) => controls.show(/** @type {CustomEvent} */ (event).detail));
    recording.addEventListener("unlogged", (event) => onProblem(/** @type {CustomEvent} */ (event).detail));
    recording.addEventListener("problem", (event) => {
      const problem = /** @type {CustomEvent} */ (event).detail;
      controls.failed();
      if (problem instanceof Problem && UNRECORDED.has(problem.code ?? "")) announce(t("movement-not-recorded"));
      else onProblem(problem);
    });
  }

  useWorkoutStore.subscribe(({ stage, mode, keeps }) => {
    if (!keeps || stage !== "counting" || mode === "manual" || session === useSessionStore.get().id) return;
    start({ name: name(), description: "" });
  });
  controls.addEventListener("record", (/** @type {CustomEvent} */ { detail }) => start(detail));
  controls.addEventListener("hold", () => recording?.pause());
  controls.addEventListener("go-on", () => recording?.resume());
  controls.addEventListener("end", () => void recording?.stop());
}

/** Send and end the recordings that closed pages left in this browser, and delete those that are too old. @param {string | null} [continued] ID of the session that this page continues */
export async function sendLeftRecordings(continued = null) {
  try {
    await sendLeft(continued);
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // they are sent by the next page that can reach the server
  }
}

/** @param {string | null} continued */
async function sendLeft(continued) {
  const athleteId = await athlete();
  const old = await deleteOldRecordings();
  if (old.some((each) => each.athleteId === athleteId)) announce(t("recording-too-old"));
  for (const { state, batches } of await leftRecordings(athleteId)) {
    if (state.sessionId === continued) continue;
    const recording = Recording.resume(state, batches);
    void recording.stop();
    recording.addEventListener("problem", (event) => {
      announce(t("recording-not-sent", { reason: /** @type {CustomEvent} */ (event).detail.title }));
    });
    recording.addEventListener("status", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.status === "completed") announce(t("recording-last-saved"));
    });
  }
}
