/**
 * The page's live side: the camera, the ghost and its lesson, and what the coach tells.
 * @module
 */

import { clearProblem, showProblem } from "../ui/banner.js";
import { CameraRefused } from "../coach/camera.js";
import { deviationIn } from "./ghost-panel.js";
import { announce, byId, h } from "../ui/dom.js";
import { words } from "../i18n/format.js";
import { closeness } from "../ghost/deviation.js";
import { Problem } from "../api/problem.js";
import { GhostTraining } from "./ghost-training.js";
import { bestOf, loopOf } from "./markers.js";

/** How long the joint that is furthest off is told over the picture before another one is. */
const TOLD_MS = 1500;

/** Wires the camera and the ghost coach to the page's elements. */
export class LiveControls {
  #toldAt = -Infinity;
  #replay;
  #onLive;

  /** @param {import("./replay.js").Replay} replay @param {() => void} onLive the live picture came, or went */
  constructor(replay, onLive) {
    this.#replay = replay;
    this.#onLive = onLive;
    this.training = new GhostTraining(replay, byId("camera"), byId("ghost-canvas"), {
      onCoaching: (coaching, nowMs) => this.#tell(coaching, nowMs),
      onMirrored: (isMirrored) => this.#mirrored(isMirrored),
      onLost: (problem) => { this.#show(); this.#lost(problem); },
    });
    byId("layer-live").addEventListener("click", () => { if (this.isOn) this.turnOff(); else void this.turnOn(); });
    byId("camera-on").addEventListener("click", () => void this.turnOn());
    byId("layer-ghost").addEventListener("click", () => this.toggleGhost());
    byId("mirror").addEventListener("click", () => this.toggleMirror());
    byId("measure").addEventListener("click", () => this.training.coach.measureAgain());
    byId("lesson").addEventListener("change", () => this.#choose());
    byId("tempo").addEventListener("change", () => this.#keepTempo(byId("tempo").checked));
  }

  get isOn() {
    return this.training.isOn;
  }

  /** List what the ghost can do. */
  list() {
    const { markers } = this.#replay;
    const best = bestOf(markers);
    byId("lesson").replaceChildren(
      ...markers.repetitions.map((each) => h("option", { value: each.number }, `Repetition ${each.number}${each === best && each.form !== null ? " (best form)" : ""}`)),
      h("option", { value: "" }, "What is looped"));
  }

  /** The ghost does what is looped. */
  follow() {
    const { loop, looped } = this.#replay;
    byId("lesson").value = String(looped?.number ?? "");
    this.training.teach(looped ? { start: looped.startS, end: looped.endS } : loop);
  }

  async turnOn() {
    clearProblem();
    const buttons = [byId("layer-live"), byId("camera-on")];
    for (const button of buttons) button.disabled = true;
    byId("panel").wait();
    try {
      if (await this.training.open()) this.#begin();
    } catch (error) {
      this.training.close();
      if (!(error instanceof CameraRefused || error instanceof Problem)) throw error;
      const detail = error instanceof Problem ? error.detail : error.advice;
      showProblem({ title: error.title, detail }, { kept: "The recording can be looked at without a camera." });
    } finally {
      for (const button of buttons) button.disabled = false;
      this.#show();
    }
  }

  turnOff() {
    this.training.close();
    this.#show();
  }

  toggleGhost() {
    if (!this.isOn) return announce("Turn on the live camera to see the ghost.");
    this.training.showsGhost = !this.training.showsGhost;
    announce(this.training.showsGhost ? "Ghost on." : "Ghost off.");
    this.#show();
  }

  toggleMirror() {
    const { coach } = this.training;
    coach.mirror(!coach.isMirrored);
    this.#turn();
    announce(coach.isMirrored ? "The recording is mirrored." : "The recording is as it was.");
  }

  /** The ghost begins with what is looped; without a loop, with the best repetition, or with everything. */
  #begin() {
    const { loop, markers, start, end } = this.#replay;
    if (this.training.coach.keepsTempo) this.#replay.pause();
    const best = bestOf(markers);
    if (!loop) this.#replay.setLoop(best ? loopOf(best) : { start, end });
  }

  #choose() {
    const asked = this.#replay.markers.repetitions.find(({ number }) => String(number) === byId("lesson").value);
    if (asked) this.#replay.setLoop(loopOf(asked));
  }

  /** @param {boolean} keepsTempo of the athlete; else the ghost goes with the recording */
  #keepTempo(keepsTempo) {
    this.training.coach.keepsTempo = keepsTempo;
    if (keepsTempo) this.#replay.pause();
    else this.#replay.play();
  }

  /** The live picture takes the stage, and the recording a corner of it; or the recording has it alone. */
  #show() {
    const { isOn } = this;
    byId("stage").toggleAttribute("data-live", isOn);
    if (!isOn) {
      delete byId("stage").dataset.stage;
      byId("ghost-told").textContent = "";
    }
    byId("live").hidden = byId("coach-on").hidden = !isOn;
    byId("coach-off").hidden = isOn;
    byId("layer-ghost").disabled = !isOn;
    this.#turn();
    byId("layer-live").setAttribute("aria-pressed", String(isOn));
    byId("layer-ghost").setAttribute("aria-pressed", String(isOn && this.training.showsGhost));
    this.#onLive();
  }

  /** @param {import("../ghost/ghost-coach.js").Coaching} coaching @param {number} nowMs */
  #tell(coaching, nowMs) {
    byId("panel").show(coaching, coaching.atS === null ? null : this.#replay.frames.turnedDegAt(coaching.atS), nowMs);
    byId("stage").dataset.stage = coaching.stage;
    if (nowMs - this.#toldAt < TOLD_MS) return;
    this.#toldAt = nowMs;
    const far = coaching.deviations.flatMap(({ joint, degrees }) => (degrees !== null && closeness(degrees) === "far" ? [{ joint, degrees }] : []));
    const [worst] = far.sort((a, b) => Math.abs(b.degrees) - Math.abs(a.degrees));
    byId("ghost-told").textContent = worst && this.training.showsGhost ? `${words(worst.joint)}: ${deviationIn(worst.joint, worst.degrees)}` : "";
  }

  /** The live picture is a mirror, and so is everything beside it; a mirrored recording is the other way round. */
  #turn() {
    const { isMirrored } = this.training.coach;
    byId("mirror").setAttribute("aria-pressed", String(isMirrored));
    byId("stage").toggleAttribute("data-flipped", isMirrored !== this.isOn);
  }

  /** @param {boolean} isMirrored */
  #mirrored(isMirrored) {
    this.#turn();
    if (isMirrored) announce("The recording is turned the other way: the ghost is its mirror image.");
  }

  /** @param {import("../api/problem.js").Problem | null} problem */
  #lost(problem) {
    showProblem(problem ?? { title: "The camera was switched off.", detail: "Its permission was taken back, or it was unplugged." }, {
      kept: "The recording can be looked at without it.", action: "Turn on the camera", onAction: () => void this.turnOn(),
    });
  }
}
