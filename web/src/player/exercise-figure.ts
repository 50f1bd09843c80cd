/**
 * Exercise figure element: an animated figure demonstrates the exercise.
 * @module
 */

import { Problem, request } from "../api/client.ts";
import { h, icon, penOf } from "../ui/dom.ts";
import { drawFigure, STRIDE, type Box } from "../ui/skeleton.ts";
import { t } from "../i18n/l10n.ts";

/** `box`: position of the picture, so that the figure fills the drawing */
type Figure = {timesMs: number[], frames: Float32Array[], box: Box};

/** Size of the drawing in its own units, and pixels per unit. */
const SIDE = 140;
const SHARPNESS = 3;

/** Free space around the figure, which has a head above its landmarks. */
const MARGIN = 20;

/** Width of the limbs. */
const THICKNESS = 6;

/** Opacity of the first frame behind the last one, when the figure stands still. */
const FAINT = 0.35;

const ON_DARK = { left: "#5cc8ff", right: "#ffb347", trunk: "#f2f6f0" };

/** Demonstrations by exercise, each loaded once. */
const demonstrations: Map<string, Promise<Figure | null>> = new Map();

/** @returns null if there is none or it cannot be loaded */
function figureOf(exercise: string): Promise<Figure | null> {
  const demonstration = demonstrations.get(exercise) ?? request(`/v1/exercises/${encodeURIComponent(exercise)}/demonstration`).then(
    ({ frames, timesMs, aspectRatio }) => ({ timesMs, frames: frames.map(pointsOf), box: boxOf(frames.flat().filter((each) => each !== null), aspectRatio) }),
    (error) => {
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 404) demonstrations.delete(exercise);
      return null; // the text beside it has the same content
    });
  demonstrations.set(exercise, demonstration);
  return demonstration;
}

function pointsOf(frame: ([number, number] | null)[]) {
  const points = new Float32Array(frame.length * STRIDE).fill(NaN);
  frame.forEach((place, at) => { if (place) points.set([...place, 1], at * STRIDE); });
  return points;
}

/** Position of the picture with which all its points fill the drawing. */
function boxOf(places: [number, number][], aspect: number): Box {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const height = (SIDE - 2 * MARGIN) / Math.max(bottom - top, (right - left) * aspect, 0.01);
  const width = height * aspect;
  return { left: SIDE / 2 - (width * (left + right)) / 2, top: SIDE / 2 - (height * (top + bottom)) / 2, width, height };
}

/** The frame that differs most from the first. */
function turnOf({ frames }: Figure) {
  const off = (points: Float32Array) => points.reduce((sum, value, at) => sum + (Number.isNaN(value) ? 0 : (value - frames[0][at]) ** 2), 0);
  return frames.reduce((best, points) => (off(points) > off(best) ? points : best), frames[0]);
}

/** `<exercise-figure>`: hidden if there is no demonstration; stands still if the user prefers reduced motion. */
export class ExerciseFigure extends HTMLElement {
  #canvas = h("canvas", { width: SIDE * SHARPNESS, height: SIDE * SHARPNESS });
  #sign = h("span", { class: "figure-sign" });
  #button = h("button", { class: "figure-button", type: "button", onclick: () => this.#play(!this.#plays) }, this.#canvas, this.#sign);
  #figure: Figure | null = null;
  #exercise = "";
  #name = "";
  #plays = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  #painting = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.hidden = true;
    this.append(this.#button);
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#painting);
  }

  async show({ id, name }: {id: string, name: string}) {
    if (this.#exercise === id) return;
    this.#exercise = id;
    const figure = await figureOf(id);
    if (this.#exercise !== id) return; // another exercise was requested in the meantime
    this.#figure = figure;
    this.hidden = figure === null;
    this.#name = name;
    this.#play(this.#plays);
  }

  #play(plays: boolean) {
    this.#plays = plays;
    this.dataset.plays = String(plays);
    this.#sign.replaceChildren(icon(plays ? "pause" : "play"));
    this.#button.setAttribute("aria-label", t(plays ? "figure-pause" : "figure-play", { exercise: this.#name }));
    cancelAnimationFrame(this.#painting);
    if (!this.#figure) return;
    if (plays) this.#move(this.#figure, performance.now());
    else this.#stand(this.#figure);
  }

  #move(figure: Figure, beganMs: number) {
    const { timesMs, frames } = figure;
    const now = (performance.now() - beganMs) % (timesMs[timesMs.length - 1] || 1);
    this.#draw(figure, [[frames[Math.max(0, timesMs.findLastIndex((at) => at <= now))], 1]]);
    this.#painting = requestAnimationFrame(() => this.#move(figure, beganMs));
  }

  /** Show the first frame faintly, and the frame furthest from it. */
  #stand(figure: Figure) {
    this.#draw(figure, [[figure.frames[0], FAINT], [turnOf(figure), 1]]);
  }

  /** @param poses poses with their opacity */
  #draw({ box }: Figure, poses: [Float32Array, number][]) {
    const pen = penOf(this.#canvas);
    pen.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
    pen.clearRect(0, 0, SIDE, SIDE);
    for (const [points, strength] of poses) {
      pen.globalAlpha = strength;
      drawFigure(pen, points, box, ON_DARK, THICKNESS);
    }
    pen.globalAlpha = 1;
  }
}

customElements.define("exercise-figure", ExerciseFigure);

declare global {
  interface HTMLElementTagNameMap { "exercise-figure": ExerciseFigure }
}
