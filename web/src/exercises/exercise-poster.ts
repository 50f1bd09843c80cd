/**
 * Exercise poster element: a small figure at the turn of an exercise, which can perform one repetition.
 * @module
 */

import { h, icon, penOf } from "../ui/dom.ts";
import { drawFigure, STRIDE, type Box } from "../ui/skeleton.ts";
import { KEY_POSES, LANDMARKS, UNITS } from "./key-poses.ts";

/** Whether there are poses of an exercise. */
export const hasPoster = (exercise: string) => Object.hasOwn(KEY_POSES, exercise);

/** Size of the drawing in its own units, and pixels per unit. */
const SIDE = 96;
const SHARPNESS = 2;
const MARGIN = 13;
const THICKNESS = 4.5;

/** Number of landmarks of a pose. */
const COUNT = 33;

/**
 * A pose between two key poses.
 * @param share of the loop, 0..1
 * @returns 33 landmarks of STRIDE numbers, NaN where they are not drawn
 */
export function poseAt(exercise: string, share: number): Float32Array {
  const { poses } = KEY_POSES[exercise];
  const at = share * poses.length;
  const [from, to, weight] = [poses[Math.floor(at) % poses.length], poses[(Math.floor(at) + 1) % poses.length], at % 1];
  const points = new Float32Array(COUNT * STRIDE).fill(NaN);
  LANDMARKS.forEach((landmark, index) => {
    const [x, y] = [2 * index, 2 * index + 1].map((place) => (from[place] + weight * (to[place] - from[place])) / UNITS);
    points.set([x, y, 1], landmark * STRIDE);
  });
  return points;
}

/** The share of the loop with the pose that differs most from the first. */
export function turnOf(exercise: string) {
  const { poses } = KEY_POSES[exercise];
  const off = poses.map((pose) => pose.reduce((sum, value, index) => sum + (value - poses[0][index]) ** 2, 0));
  return off.indexOf(Math.max(...off)) / poses.length;
}

/** Position of the picture with which all poses fill the drawing. */
function boxOf(exercise: string): Box {
  const places = KEY_POSES[exercise].poses.flat();
  const [xs, ys] = [0, 1].map((axis) => places.filter((_, index) => index % 2 === axis).map((value) => value / UNITS));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = (SIDE - 2 * MARGIN) / Math.max(bottom - top, right - left, 0.01);
  return { left: SIDE / 2 - (size * (left + right)) / 2, top: SIDE / 2 - (size * (top + bottom)) / 2, width: size, height: size };
}

/** `<exercise-poster exercise="squat">`: decoration beside the name of the exercise. */
export class ExercisePoster extends HTMLElement {
  #canvas = h("canvas", { width: SIDE * SHARPNESS, height: SIDE * SHARPNESS, "aria-hidden": "true" });
  #painting = 0;

  connectedCallback() {
    this.replaceChildren(this.#exercise ? this.#canvas : icon("skeleton"));
    this.#stand();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#painting);
  }

  /** Perform one repetition, and then stand still: nothing moves for long unasked. @param isRequested also if the user prefers reduced motion */
  play({ isRequested = false } = {}) {
    if (!this.#exercise || (!isRequested && matchMedia("(prefers-reduced-motion: reduce)").matches)) return;
    cancelAnimationFrame(this.#painting);
    this.#move(performance.now());
  }

  /** Stand still. */
  stop() {
    cancelAnimationFrame(this.#painting);
    this.#stand();
  }

  /** ID of the exercise; "" if there are no poses of it. */
  get #exercise() {
    const exercise = this.getAttribute("exercise") ?? "";
    return hasPoster(exercise) ? exercise : "";
  }

  /** Show the turn of the exercise. */
  #stand() {
    if (this.#exercise) this.#draw(turnOf(this.#exercise));
  }

  #move(beganMs: number) {
    const share = (performance.now() - beganMs) / KEY_POSES[this.#exercise].lengthMs;
    this.#draw((share + turnOf(this.#exercise)) % 1);
    if (share < 1) this.#painting = requestAnimationFrame(() => this.#move(beganMs));
    else this.#stand();
  }

  /** @param share of the loop */
  #draw(share: number) {
    const pen = penOf(this.#canvas);
    const style = getComputedStyle(this);
    const [left, right, trunk] = ["--left-side", "--right-side", "--trunk"].map((name) => style.getPropertyValue(name).trim());
    pen.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
    pen.clearRect(0, 0, SIDE, SIDE);
    drawFigure(pen, poseAt(this.#exercise, share), boxOf(this.#exercise), { left, right, trunk }, THICKNESS);
  }
}

/** Let a poster play while the mouse is over an element. */
export function playOnHover(element: HTMLElement, poster: ExercisePoster) {
  const isMouse = ({ pointerType }: PointerEvent) => pointerType === "mouse";
  element.addEventListener("pointerenter", (event) => { if (isMouse(event)) poster.play(); });
  element.addEventListener("pointerleave", (event) => { if (isMouse(event)) poster.stop(); });
}

customElements.define("exercise-poster", ExercisePoster);

declare global {
  interface HTMLElementTagNameMap { "exercise-poster": ExercisePoster }
}
