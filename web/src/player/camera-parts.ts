/**
 * Parts of the player for sets by camera, shared with the coach page: camera choice, recording, review of what was counted, and full screen.
 * @module
 */

import "../coach/recording-controls.ts";
import "../coach/rep-review.ts";
import "../ui/camera-choice.ts";
import { connectRecordingControls } from "../coach/recording-panel.ts";
import { RepetitionReview } from "../coach/repetition-review.ts";
import { useSessionStore } from "../stores/session.ts";
import { useWorkoutStore } from "../stores/workout.ts";
import { byId } from "../ui/dom.ts";
import { connectFullScreen } from "../ui/full-screen.ts";
import { showKept } from "./settings.ts";
import type { Player } from "./player.ts";

/** `isOn`: whether the camera is on */
type Dependencies = {player: Player, isOn: () => boolean, useCamera: () => void, refused: (error: unknown) => void};

/** Connect the parts. */
export function connectCameraParts({ player, isOn, useCamera, refused }: Dependencies) {
  byId("camera-now").addEventListener("change", () => { if (isOn()) useCamera(); });
  connectRecordingControls({ record: (what, aspectRatio) => player.capture.record(what, aspectRatio), name: () => byId("title").textContent }, refused);
  connectReview(player, refused);
  byId("settings").addEventListener("change", showKept);
  connectFullScreen(byId<"button">("full-screen"));
}

/** Review each set that the camera counted, until the next one begins. */
function connectReview(player: Player, refused: (error: unknown) => void) {
  /** Number of the set that is shown; null if none is. */
  let shown: number | null = null;
  const onCount = (repetitions: number) => { if (shown !== null) player.apply({ kind: "confirmed", amounts: new Map([[shown, repetitions]]) }); };
  const review = new RepetitionReview(byId<"rep-review">("review"), { onCount, onProblem: refused });
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
