/**
 * Who counts a workout: the camera, once the athlete agrees to it, or the athlete by hand.
 * @module
 */

import { cameraConsent } from "../coach/camera-consent.ts";
import { useWorkoutStore as store } from "../stores/workout.ts";
import { clearProblem } from "../ui/banner.ts";
import { byId } from "../ui/dom.ts";
import * as settings from "./settings.ts";
import type { Watcher } from "../coach/watcher.ts";
import type { Player } from "./player.ts";

/** Switches between the camera and counting by hand, and keeps the choice for the next workout. */
export class CountingMode {
  #player;
  #watcher;

  constructor(player: Player, watcher: Watcher) {
    this.#player = player;
    this.#watcher = watcher;
  }

  byHand() {
    this.#player.byHand();
    store.set({ seeing: false });
    settings.keep({ ...settings.settings(), byCamera: false });
  }

  /** Count by camera, if the athlete agrees. */
  async useCamera() {
    clearProblem();
    const { keeps, keepsVideo } = store.get();
    const consent = await cameraConsent({ images: keepsVideo, keeps });
    if (consent === "manual") this.byHand();
    if (consent !== "agreed") return;
    const seeing = await this.#player.look();
    store.set({ seeing });
    void byId<"camera-choice">("camera-now").refresh({ looking: this.#watcher.device }); // now the browser names the cameras
    settings.keep({ ...settings.settings(), byCamera: true });
  }
}
