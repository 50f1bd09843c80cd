/**
 * Draws the ghost over the live picture, with the deviation at each joint.
 *
 * The picture is mirrored, so everything but the numbers is drawn mirrored.
 * @module
 */

import { closeness, JOINT_PLACES, type Closeness } from "../ghost/deviation.ts";
import { placeOf, type Figure } from "../ghost/figure.ts";
import { drawSkeleton, letterbox, STRIDE } from "../ui/skeleton.ts";
import type { Coaching } from "../ghost/ghost-coach.ts";

const COLOURS: Record<Closeness, string> = { close: "#62dcae", off: "#ffc668", far: "#ff9c90", unseen: "#c4cbc6" };
const INK = "rgba(8, 10, 11, 0.9)";

/** @returns mirrored; left and right keep their names */
function reversed(figure: Figure, aspect: number): Figure {
  return figure.map((value, at) => (at % STRIDE === 0 ? aspect - value : value));
}

/**
 * Draw the ghost and the deviations.
 * @param canvas over the live picture
 * @param aspect of the live picture
 */
export function drawGhost(canvas: HTMLCanvasElement, coaching: Coaching | null, aspect: number, showsGhost: boolean) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = Math.min(devicePixelRatio || 1, 2);
  const [wide, high] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, width, height);
  if (!coaching?.ghost || !coaching.athlete || !showsGhost) return;
  const box = letterbox(width, height, aspect);
  const volt = getComputedStyle(canvas).getPropertyValue("--volt").trim();
  pen.globalAlpha = 0.85;
  drawSkeleton(pen, reversed(coaching.ghost, aspect), { ...box, width: box.height }, { left: volt, right: volt, trunk: volt });
  pen.globalAlpha = 1;
  const athlete = reversed(coaching.athlete, aspect);
  for (const { joint, degrees } of coaching.deviations) {
    const at = JOINT_PLACES.get(joint);
    if (at === undefined || degrees === null) continue;
    const [x, y] = placeOf(athlete, at);
    mark(pen, box.left + x * box.height, box.top + y * box.height, degrees, Math.max(box.height / 28, 11));
  }
}

/** Draw a shape for the closeness; joints that are not close get their number. */
function mark(pen: CanvasRenderingContext2D, x: number, y: number, degrees: number, size: number) {
  const kind = closeness(degrees);
  pen.fillStyle = COLOURS[kind];
  pen.strokeStyle = INK;
  pen.lineWidth = 2;
  pen.beginPath();
  if (kind === "close") pen.arc(x, y, size / 2.4, 0, 2 * Math.PI);
  else for (const [dx, dy] of kind === "off" ? [[0, -1], [1, 0], [0, 1], [-1, 0]] : [[0, -1], [1, 0.8], [-1, 0.8]]) pen.lineTo(x + 0.7 * size * dx, y + 0.7 * size * dy);
  pen.closePath();
  pen.fill();
  pen.stroke();
  if (kind !== "close") label(pen, x + size, y, `${Math.round(Math.abs(degrees))}°`, size, COLOURS[kind]);
}

function label(pen: CanvasRenderingContext2D, x: number, y: number, text: string, size: number, colour: string) {
  pen.font = `800 ${Math.round(1.1 * size)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  const { width } = pen.measureText(text);
  pen.fillStyle = INK;
  pen.fillRect(x - 3, y - 0.75 * size, width + 6, 1.5 * size);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}
