/**
 * A still of a pose that fills its canvas.
 * @module
 */

import { h } from "../ui/dom.ts";
import { drawFigure, LEAST_VISIBILITY, STRIDE } from "../ui/skeleton.ts";

const WIDTH = 320;
const HEIGHT = 300;
const MARGIN = 36;
const SHARPNESS = 2;

/** Width of the limbs. */
const THICKNESS = 7;

/** the point of the canvas, of a point in picture heights */
export type Place = (x: number, y: number) => [number, number];

/** A canvas for a still; without a label it is hidden from screen readers. */
export function stillCanvas(label?: string): HTMLCanvasElement {
  return h("canvas", { width: WIDTH * SHARPNESS, height: HEIGHT * SHARPNESS, ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }) });
}

/**
 * Draw a pose so that it fills the canvas.
 * @param aspect of the picture
 * @param over draws over the skeleton
 */
export function drawFitted(canvas: HTMLCanvasElement, points: Float32Array, aspect: number, over?: (pen: CanvasRenderingContext2D, place: Place) => void) {
  const seen = Array.from({ length: points.length / STRIDE }, (_, at) => at * STRIDE).filter((at) => points[at + 2] >= LEAST_VISIBILITY);
  const pen = canvas.getContext("2d");
  if (!pen || seen.length === 0) return;
  const [xs, ys] = [seen.map((at) => points[at]), seen.map((at) => points[at + 1])];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const height = Math.min((HEIGHT - 2 * MARGIN) / Math.max(bottom - top, 0.01), (WIDTH - 2 * MARGIN) / Math.max((right - left) * aspect, 0.01));
  const width = height * aspect;
  const style = getComputedStyle(document.documentElement);
  const [l, r, t] = ["--left-side", "--right-side", "--trunk"].map((name) => style.getPropertyValue(name).trim());
  const box = { left: WIDTH / 2 - (width * (left + right)) / 2, top: HEIGHT / 2 - (height * (top + bottom)) / 2, width, height };
  pen.setTransform(SHARPNESS, 0, 0, SHARPNESS, 0, 0);
  pen.clearRect(0, 0, WIDTH, HEIGHT);
  drawFigure(pen, points, box, { left: l, right: r, trunk: t }, THICKNESS);
  over?.(pen, (x, y) => [box.left + x * height, box.top + y * height]);
}
