/**
 * Live controls of the replay page: camera, ghost, and the repetition to practice.
 * @module
 */

import { clearProblem, showProblem } from "../ui/banner.ts";
import { CameraRefused } from "../coach/camera.ts";
import { deviationIn, jointName } from "./ghost-panel.ts";
import { announce, byId, h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";
import { closeness } from "../ghost/deviation.ts";
import { Problem } from "../api/problem.ts";
import { GhostTraining } from "./ghost-training.ts";
import { bestOf, loopOf } from "./markers.ts";
import type { Coaching } from "../ghost/ghost-coach.ts";
import type { Replay } from "./replay.ts";

/** How long the worst joint is shown over the picture before it may change. */
const ANNOUNCE_MS = 1500;

/** Connects the camera and the ghost coach to the page. */
export class LiveControls {
  training: GhostTraining;

  #announcedAt = -Infinity;
  #replay;
  #stage;
  #onLive;

  /** @param onLive called when the camera was turned on or off */
  constructor({ replay, stage }: {replay: Replay, stage: HTMLElement}, onLive: () => void) {
    this.#replay = replay;
    this.#stage = stage;
    this.#onLive = onLive;
    this.training = new GhostTraining(replay, byId<"camera-stage">("camera"), byId<"canvas">("ghost-canvas"), {
      onCoaching: (coaching, nowMs) => this.#tell(coaching, nowMs),
      onMirrored: (isMirrored) => this.#mirrored(isMirrored),
      onLost: (problem) => { this.#show(); this.#lost(problem); },
    });
    byId("layer-live").addEventListener("click", () => this.#press());
    byId("camera-on").addEventListener("click", () => this.#press());
    byId("layer-ghost").addEventListener("click", () => this.toggleGhost());
    byId("mirror").addEventListener("click", () => this.toggleMirror());
    byId("measure").addEventListener("click", () => this.training.coach.measureAgain());
    byId("lesson").addEventListener("change", () => this.#choose());
    byId("tempo").addEventListener("change", () => this.#keepTempo(byId<"input">("tempo").checked));
  }

  get isOn() {
    return this.training.isOn;
  }

  /** List the repetitions that the ghost can perform. */
  list() {
    const { markers } = this.#replay;
    const best = bestOf(markers);
    byId("lesson").replaceChildren(
      ...markers.repetitions.map((each) => h("option", { value: each.number }, each === best && each.form !== null ? t("replay-repetition-best", { number: each.number }) : t("replay-repetition-number", { number: each.number }))),
      h("option", { value: "" }, t("replay-current-loop")));
  }

  /** Let the ghost perform the current loop. */
  follow() {
    const { loop, looped } = this.#replay;
    byId<"select">("lesson").value = String(looped?.number ?? "");
    this.training.teach(looped ? { start: looped.startS, end: looped.endS } : loop);
  }

  /** Turn the camera on or off; a press while it is being turned on does nothing. */
  #press() {
    if (byId("camera-on").getAttribute("aria-disabled") === "true") return;
    if (this.isOn) this.turnOff();
    else void this.turnOn();
  }

  async turnOn() {
    clearProblem();
    const buttons = [byId("layer-live"), byId("camera-on")];
    for (const button of buttons) button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
    byId<"ghost-panel">("panel").wait();
    try {
      if (await this.training.open()) this.#begin();
    } catch (error) {
      this.training.close();
      if (!(error instanceof CameraRefused || error instanceof Problem)) throw error;
      const detail = error instanceof Problem ? error.detail : error.advice;
      showProblem({ title: error.title, detail }, { kept: t("replay-without-camera") });
    } finally {
      for (const button of buttons) button.removeAttribute("aria-disabled");
      this.#show();
    }
  }

  turnOff() {
    this.training.close();
    this.#show();
  }

  toggleGhost() {
    if (!this.isOn) return announce(t("replay-ghost-needs-camera"));
    this.training.showsGhost = !this.training.showsGhost;
    announce(this.training.showsGhost ? t("replay-ghost-on") : t("replay-ghost-hidden"));
    this.#show();
  }

  toggleMirror() {
    const { coach } = this.training;
    coach.mirror(!coach.isMirrored);
    this.#turn();
    announce(coach.isMirrored ? t("replay-mirrored") : t("replay-not-mirrored"));
  }

  /** Start with the current loop, or else with the best repetition, or else with everything. */
  #begin() {
    const { loop, markers, start, end } = this.#replay;
    if (this.training.coach.keepsTempo) this.#replay.pause();
    const best = bestOf(markers);
    if (!loop) this.#replay.setLoop(best ? loopOf(best) : { start, end });
  }

  #choose() {
    const selected = this.#replay.markers.repetitions.find(({ number }) => String(number) === byId<"select">("lesson").value);
    if (selected) this.#replay.setLoop(loopOf(selected));
  }

  /** @param keepsTempo whether the ghost keeps the athlete's tempo instead of the recording's */
  #keepTempo(keepsTempo: boolean) {
    this.training.coach.keepsTempo = keepsTempo;
    if (keepsTempo) this.#replay.pause();
    else this.#replay.play();
  }

  /** Show the live picture with the recording in a corner, or the recording alone. */
  #show() {
    const { isOn } = this;
    this.#stage.toggleAttribute("data-live", isOn);
    if (!isOn) {
      delete this.#stage.dataset.stage;
      byId("ghost-caption").textContent = "";
    }
    byId("live").hidden = byId("coach-on").hidden = !isOn;
    byId("coach-off").hidden = isOn;
    byId<"button">("layer-ghost").disabled = !isOn;
    this.#turn();
    byId("layer-live").setAttribute("aria-pressed", String(isOn));
    byId("layer-ghost").setAttribute("aria-pressed", String(isOn && this.training.showsGhost));
    this.#onLive();
  }

  #tell(coaching: Coaching, nowMs: number) {
    byId<"ghost-panel">("panel").show(coaching, coaching.atS === null ? null : this.#replay.frames.turnedDegAt(coaching.atS), nowMs);
    this.#stage.dataset.stage = coaching.stage;
    if (nowMs - this.#announcedAt < ANNOUNCE_MS) return;
    this.#announcedAt = nowMs;
    const far = coaching.deviations.flatMap(({ joint, degrees }) => (degrees !== null && closeness(degrees) === "far" ? [{ joint, degrees }] : []));
    const [worst] = far.sort((a, b) => Math.abs(b.degrees) - Math.abs(a.degrees));
    byId("ghost-caption").textContent = worst && this.training.showsGhost ? `${jointName(worst.joint)}: ${deviationIn(worst.joint, worst.degrees)}` : "";
  }

  /** Set the mirroring. The live picture is mirrored, and so is everything beside it, unless the recording itself is mirrored. */
  #turn() {
    const { isMirrored } = this.training.coach;
    byId("mirror").setAttribute("aria-pressed", String(isMirrored));
    this.#stage.toggleAttribute("data-flipped", isMirrored !== this.isOn);
  }

  #mirrored(isMirrored: boolean) {
    this.#turn();
    if (isMirrored) announce(t("replay-mirrored-why"));
  }

  #lost(problem: Problem | null) {
    showProblem(problem ?? { title: t("camera-off"), detail: t("camera-off-detail") }, {
      kept: t("replay-without-camera"), action: t("replay-turn-camera-on"), onAction: () => void this.turnOn(),
    });
  }
}
