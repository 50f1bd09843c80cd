/**
 * Who counts a workout: the camera, once the athlete agrees to it, or the athlete by hand.
 * @module
 */

import { cameraConsent } from "../coach/camera-consent.js";
import { useWorkoutStore as store } from "../stores/workout.js";
import { clearProblem } from "../ui/banner.js";
import { byId } from "../ui/dom.js";
import * as settings from "./settings.js";

/** Switches between the camera and counting by hand, and keeps the choice for the next workout. */
export class CountingMode {
  #player;
  #watcher;

  /** @param {import("./player.js").Player} player @param {import("../coach/watcher.js").Watcher} watcher */
  constructor(player, watcher) {
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
    const { keeps, film } = store.get();
    const consent = await cameraConsent({ images: film, keeps });
    if (consent === "manual") this.byHand();
    if (consent !== "agreed") return;
    const seeing = await this.#player.look();
    store.set({ seeing });
    void byId("camera-now").refresh({ looking: this.#watcher.device }); // now the browser names the cameras
    settings.keep({ ...settings.settings(), byCamera: true });
  }
}
