/**
 * Place of the player on the page of a session. Its scripts and the recording are loaded when its stage comes into view,
 * or when something is to be played or moved by keys; until then, there is a pose.
 * @module
 */

import { h, icon, isPresent } from "../ui/dom.ts";
import { drawFitted, stillCanvas } from "./fitted-skeleton.ts";
import { t } from "../i18n/l10n.ts";
import { partMissing, type Problem } from "../api/problem.ts";
import type { Definition } from "../motion/joint-marks.ts";
import type { Repetition } from "../replay/markers.ts";
import type { ReplayPlayer } from "../replay/replay-player.ts";

interface Options {
  session: string;
  /** width / height of the recording */
  aspect: number;
  /** The URL of a time in seconds. */
  address: (time: number) => string;
  definitionOf: (exercise: string | null) => Definition | null;
  reading: (time: number) => string;
  /** @param time seconds */
  onTime: (time: number) => void;
  onLoop: (looped: Repetition | null) => void;
}

/** Part of the stage that has to be in view. */
const SHOWN = 0.6;

const wordsOf = ({ title, detail }: Problem) => [title, detail].filter(isPresent).join(" ");

/** The player of a session, or what is there instead of it; `element` is its place. */
export class SessionPlayer {
  element: HTMLElement;
  #options;
  #opened: Promise<ReplayPlayer | null> | null = null;
  #isClosed = false;
  #watcher;
  #still = stillCanvas();

  constructor(options: Options) {
    this.#options = options;
    const play = h("button", { class: "button primary play", type: "button", onclick: () => void this.play() }, icon("play"), t("play"));
    const stage = h("div", { class: "stage" }, this.#still, play);
    stage.style.setProperty("--aspect", String(options.aspect));
    this.element = h("div", { class: "session-player" }, stage);
    this.#watcher = new IntersectionObserver((entries) => { if (entries.some(({ isIntersecting }) => isIntersecting)) void this.open(); }, { threshold: SHOWN });
    this.#watcher.observe(stage);
  }

  /** Draw a pose, until the player is there. */
  draw(points: Float32Array) {
    drawFitted(this.#still, points, this.#options.aspect);
  }

  async play() {
    (await this.open())?.replay.play();
  }

  /** @param time seconds */
  async seek(time: number) {
    (await this.open())?.replay.seek(time);
  }

  /** Play a repetition in a loop, or stop that. @param number as the server has it */
  async perform(set: number, number: number) {
    const player = await this.open();
    const repetition = player?.replay.markers.repetitions.find((each) => each.set === set && each.numberInSet === number);
    if (!player || !repetition) return;
    if (player.replay.looped === repetition) player.replay.setLoop(null);
    else {
      player.perform(repetition);
      player.stage.scrollIntoView({ block: "nearest" });
    }
  }

  close() {
    this.#isClosed = true;
    this.#watcher.disconnect();
    void this.#opened?.then((player) => player?.close());
  }

  /** Load the player, whose keys work then. @returns null if the recording cannot be shown */
  open() {
    this.#watcher.disconnect();
    this.#opened ??= this.#load();
    return this.#opened;
  }

  async #load() {
    const { session, address, definitionOf, reading } = this.#options;
    const loaded = await import("../replay/replay-player.ts").catch(() => this.#tell(wordsOf(partMissing())));
    if (!loaded || this.#isClosed) return null;
    const player = new loaded.ReplayPlayer({ session, definitionOf, reading, address: ({ time }) => address(time) });
    const { replay } = player;
    let shown = NaN;
    replay.addEventListener("moment", () => {
      if (replay.recording === null || replay.time === shown) return;
      shown = replay.time;
      this.#options.onTime(shown);
    });
    replay.addEventListener("change", () => this.#options.onLoop(replay.looped));
    replay.addEventListener("missing", () => { player.link.textContent = loaded.lostParts(replay); });
    return new Promise<ReplayPlayer | null>((resolve) => {
      replay.addEventListener("ready", () => {
        this.element.replaceChildren(player.element);
        resolve(player);
      });
      replay.addEventListener("problem", (event) => {
        const words = wordsOf((event as CustomEvent<Problem>).detail);
        if (replay.recording !== null) player.link.textContent = words;
        else {
          player.close();
          resolve(this.#tell(words));
        }
      });
    });
  }

  /** Say why there is no player. */
  #tell(why: string) {
    this.element.replaceChildren(h("p", { class: "no-video" }, t("skeleton-not-loaded", { reason: why })));
    return null;
  }
}
