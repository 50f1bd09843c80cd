/**
 * Records the camera sessions of a training, and connects the recording controls to it.
 * @module
 */

import { athlete, Problem } from "../api/client.ts";
import { Recording } from "../live/recording.ts";
import { deleteOldRecordings, leftRecordings } from "../live/recording-log.ts";
import { NO_CONNECTION } from "../live/recording-socket.ts";
import { clearBannerOf } from "../ui/banner.ts";
import { announce, byId, onDetail } from "../ui/dom.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { useSessionStore } from "../stores/session.ts";
import { CONSENT_MISSING } from "./camera-consent.ts";
import { t } from "../i18n/l10n.ts";
import type { SessionCapture } from "./session-capture.ts";

/** Codes of the problems that end a recording while the training continues: no consent, or another device records. */
const UNRECORDED = new Set([CONSENT_MISSING, "recording.already_started", "recording.not_underway"]);

/**
 * Record each session from its first set on if the athlete keeps movements; otherwise the controls can start it.
 * @param training `name`: usual name of a recording
 */
export function connectRecordingControls({ record, name }: {record: SessionCapture["record"], name: () => string}, onProblem: (problem: unknown) => void) {
  const controls = byId<"recording-controls">("recorder");
  let recording: Recording | null = null;
  /** ID of the session that is recorded. */
  let session: string | null = null;

  function start(what: {name: string, description: string}) {
    if (recording?.isRefused && session === useSessionStore.get().id) {
      recording.retry();
      return;
    }
    const { videoWidth, videoHeight } = byId<"camera-stage">("stage").video;
    session = useSessionStore.get().id;
    recording = record(what, videoWidth / videoHeight);
    recording.addEventListener("status", (event) => controls.show((event as CustomEvent).detail));
    for (const name of ["unlogged", "full"]) recording.addEventListener(name, (event) => onProblem((event as CustomEvent).detail));
    recording.addEventListener("room", () => clearBannerOf(NO_CONNECTION));
    recording.addEventListener("problem", (event) => {
      const problem = (event as CustomEvent).detail;
      controls.failed();
      if (problem instanceof Problem && UNRECORDED.has(problem.code ?? "")) announce(t("movement-not-recorded"));
      else onProblem(problem);
    });
  }

  useWorkoutStore.subscribe(({ stage, mode, keeps }) => {
    if (!keeps || stage !== "counting" || mode === "manual" || session === useSessionStore.get().id) return;
    start({ name: name(), description: "" });
  });
  onDetail(controls, "record", (detail: Parameters<typeof start>[0]) => start(detail));
  controls.addEventListener("hold", () => recording?.pause());
  controls.addEventListener("go-on", () => recording?.resume());
  controls.addEventListener("end", () => void recording?.stop());
}

/** Send and end the recordings that closed pages left in this browser, and delete those that are too old. @param continued ID of the session that this page continues */
export async function sendLeftRecordings(continued: string | null = null) {
  try {
    await sendLeft(continued);
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // they are sent by the next page that can reach the server
  }
}

async function sendLeft(continued: string | null) {
  const athleteId = await athlete();
  const old = await deleteOldRecordings();
  if (old.some((each) => each.athleteId === athleteId)) announce(t("recording-too-old"));
  for (const { state, batches } of await leftRecordings(athleteId)) {
    if (state.sessionId === continued) continue;
    const recording = Recording.resume(state, batches);
    void recording.stop();
    recording.addEventListener("problem", (event) => {
      announce(t("recording-not-sent", { reason: (event as CustomEvent).detail.title }));
    });
    recording.addEventListener("status", (event) => {
      if ((event as CustomEvent).detail.status === "completed") announce(t("recording-last-saved"));
    });
  }
}
