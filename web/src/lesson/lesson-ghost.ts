/**
 * Ghost of the trainer in the athlete's picture: in time with the video, or in the athlete's own tempo.
 * @module
 */

import { GhostCoach } from "../ghost/ghost-coach.ts";
import { trackOf, type Track } from "../ghost/track.ts";
import { typicalRepetition } from "./trainer-repetition.ts";
import type { PoseFrame } from "../live/pose-source.ts";
import type { Definition } from "../motion/observer.ts";
import type { PoseTrack } from "./pose-track.ts";

/** Most steps of a set in time with the video: two minutes without loss. */
const MOST_STEPS = 2400;

/** The ghost of one lesson. */
export class LessonGhost {
  /** The trainer's poses. */
  track: PoseTrack | null = null;
  #coach = new GhostCoach();
  #knowsSide = false;
  #tracks: {whole: Track | null, one: Track | null} | null = null;
  /** Increases with each segment; an older one gives up. */
  #taught = 0;

  constructor() {
    this.#coach.keepsTempo = false;
  }

  /** Whether the ghost keeps the athlete's tempo, repeating one repetition of the trainer. */
  set keepsTempo(keeps: boolean) {
    this.#coach.keepsTempo = keeps;
    this.#teach();
  }

  /**
   * Do what the trainer does in a segment.
   * @param definition of its exercise
   * @throws {Problem} if the poses cannot be loaded
   */
  async teach(segment: {startMs: number, endMs: number}, definition: Definition) {
    const { track } = this;
    const mine = ++this.#taught;
    this.#tracks = null;
    this.#coach.teach(undefined);
    if (!track) return;
    const [startS, endS] = [segment.startMs / 1000, segment.endMs / 1000];
    await track.load(startS, endS);
    if (mine !== this.#taught) return;
    const between = (from: number, to: number, most: number) => trackOf((timeS) => track.figureAt(timeS), from, to, (timeS) => track.worldAt(timeS), most);
    const whole = between(startS, endS, MOST_STEPS);
    const one = definition.kind === "hold" ? null : typicalRepetition(track, segment, definition);
    this.#tracks = { whole, one: one ? between(one.startS, one.endS, MOST_STEPS) : whole };
    this.#teach();
  }

  #teach() {
    this.#knowsSide = false;
    if (this.#tracks) this.#coach.teach(this.#coach.keepsTempo ? this.#tracks.one : this.#tracks.whole);
  }

  see(frame: PoseFrame, videoS: number) {
    const coaching = this.#coach.see(frame, videoS);
    if (coaching.stage === "following" && !this.#knowsSide) {
      this.#knowsSide = true;
      if (this.#coach.facesOtherWay !== this.#coach.isMirrored) this.#coach.mirror(this.#coach.facesOtherWay);
    }
    return coaching;
  }
}
