/**
 * Parts of the player for sets by camera, shared with the coach page: camera choice, recording, and review of what was counted.
 * @module
 */

import "../coach/recording-controls.js";
import "../coach/rep-review.js";
import "../ui/camera-choice.js";
import { connectRecordingControls } from "../coach/recording-panel.js";
import { RepetitionReview } from "../coach/repetition-review.js";
import { useSessionStore } from "../stores/session.js";
import { useWorkoutStore } from "../stores/workout.js";
import { byId } from "../ui/dom.js";
import { showKept } from "./settings.js";

/** @typedef {{player: import("./player.js").Player, isOn: () => boolean, useCamera: () => void, refused: (error: unknown) => void}} Dependencies `isOn`: whether the camera is on */

/** Connect the parts. @param {Dependencies} dependencies */
export function connectCameraParts({ player, isOn, useCamera, refused }) {
  byId("camera-now").addEventListener("change", () => { if (isOn()) useCamera(); });
  connectRecordingControls({ record: (what, aspectRatio) => player.capture.record(what, aspectRatio), name: () => byId("title").textContent }, refused);
  connectReview(player, refused);
  byId("settings").addEventListener("change", showKept);
}

/** Review each set that the camera counted, until the next one begins. @param {import("./player.js").Player} player @param {(error: unknown) => void} refused */
function connectReview(player, refused) {
  /** Number of the set that is shown; null if none is. @type {number | null} */
  let shown = null;
  const onCount = (/** @type {number} */ repetitions) => { if (shown !== null) player.apply({ kind: "confirmed", amounts: new Map([[shown, repetitions]]) }); };
  const review = new RepetitionReview(byId("review"), { onCount, onProblem: refused });
  useWorkoutStore.subscribe(({ guided, stage }) => {
    const isBetween = stage !== "summary" && (guided?.phase === "rest" || guided?.phase === "over");
    const latest = isBetween ? guided?.done.at(-1) : null;
    const set = latest?.by === "camera" ? latest.set : null;
    if (set === shown) return;
    shown = set;
    const id = useSessionStore.get().id;
    if (set === null || id === null) review.clear();
    else review.show(id, set).catch(refused);
  });
}
