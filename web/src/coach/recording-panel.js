/**
 * Connects the recording controls to the training.
 * @module
 */

import { byId } from "../ui/dom.js";

/**
 * Let the controls record a training.
 * @param {import("./training.js").Training} training
 * @param {(problem: unknown) => void} onProblem
 */
export function connectRecordingControls(training, onProblem) {
  const controls = byId("recorder");
  /** @type {import("../live/recording.js").Recording | null} */
  let recording = null;
  controls.addEventListener("record", ({ detail }) => {
    const { videoWidth, videoHeight } = byId("stage").video;
    recording = training.record(detail, videoWidth / videoHeight);
    recording.addEventListener("status", (event) => controls.show(/** @type {CustomEvent} */ (event).detail));
    recording.addEventListener("problem", (event) => {
      controls.failed();
      onProblem(/** @type {CustomEvent} */ (event).detail);
    });
  });
  controls.addEventListener("hold", () => recording?.pause());
  controls.addEventListener("go-on", () => recording?.resume());
  controls.addEventListener("end", () => void recording?.stop());
}
