/**
 * Ghost of the trainer in the athlete's picture: in time with the video, or in the athlete's own tempo.
 * @module
 */

import { GhostCoach } from "../ghost/ghost-coach.js";
import { trackOf } from "../ghost/track.js";
import { typicalRepetition } from "./trainer-repetition.js";

/** Most steps of a set in time with the video: two minutes without loss. */
const MOST_STEPS = 2400;

/** The ghost of one lesson. */
export class LessonGhost {
  /** The trainer's poses. @type {import("./pose-track.js").PoseTrack | null} */
  track = null;
  #coach = new GhostCoach();
  #knowsSide = false;
  /** @type {{whole: import("../ghost/track.js").Track | null, one: import("../ghost/track.js").Track | null} | null} */
  #tracks = null;
  /** Increases with each segment; an older one gives up. */
  #taught = 0;

  constructor() {
    this.#coach.keepsTempo = false;
  }

  /** Whether the ghost keeps the athlete's tempo, repeating one repetition of the trainer. @param {boolean} keeps */
  set keepsTempo(keeps) {
    this.#coach.keepsTempo = keeps;
    this.#teach();
  }

  /**
   * Do what the trainer does in a segment.
   * @param {{startMs: number, endMs: number}} segment
   * @param {import("../motion/observer.js").Definition} definition of its exercise
   * @throws {import("../api/client.js").Problem} if the poses cannot be loaded
   */
  async teach(segment, definition) {
    const { track } = this;
    const mine = ++this.#taught;
    this.#tracks = null;
    this.#coach.teach(undefined);
    if (!track) return;
    const [startS, endS] = [segment.startMs / 1000, segment.endMs / 1000];
    await track.load(startS, endS);
    if (mine !== this.#taught) return;
    const between = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ most) => trackOf((timeS) => track.figureAt(timeS), from, to, (timeS) => track.worldAt(timeS), most);
    const whole = between(startS, endS, MOST_STEPS);
    const one = definition.kind === "hold" ? null : typicalRepetition(track, segment, definition);
    this.#tracks = { whole, one: one ? between(one.startS, one.endS, MOST_STEPS) : whole };
    this.#teach();
  }

  #teach() {
    this.#knowsSide = false;
    if (this.#tracks) this.#coach.teach(this.#coach.keepsTempo ? this.#tracks.one : this.#tracks.whole);
  }

  /** @param {import("../live/pose-source.js").PoseFrame} frame @param {number} filmS */
  see(frame, filmS) {
    const coaching = this.#coach.see(frame, filmS);
    if (coaching.stage === "following" && !this.#knowsSide) {
      this.#knowsSide = true;
      if (this.#coach.facesOtherWay !== this.#coach.isMirrored) this.#coach.mirror(this.#coach.facesOtherWay);
    }
    return coaching;
  }
}
