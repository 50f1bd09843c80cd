/**
 * Draws the ghost over the live picture, with the deviation at each joint.
 *
 * The picture is mirrored, so everything but the numbers is drawn mirrored.
 * @module
 */

import { closeness, JOINT_PLACES } from "../ghost/deviation.js";
import { placeOf } from "../ghost/figure.js";
import { drawSkeleton, letterbox, STRIDE } from "../ui/skeleton.js";

/** @typedef {import("../ghost/figure.js").Figure} Figure */

/** @type {Record<import("../ghost/deviation.js").Closeness, string>} */
const COLOURS = { close: "#62dcae", off: "#ffc668", far: "#ff9c90", unseen: "#c4cbc6" };
const INK = "rgba(8, 10, 11, 0.9)";

/** @param {Figure} figure @param {number} aspect @returns {Figure} mirrored; left and right keep their names */
function reversed(figure, aspect) {
  return figure.map((value, at) => (at % STRIDE === 0 ? aspect - value : value));
}

/**
 * Draw the ghost and the deviations.
 * @param {HTMLCanvasElement} canvas over the live picture
 * @param {import("../ghost/ghost-coach.js").Coaching | null} coaching
 * @param {number} aspect of the live picture
 * @param {boolean} showsGhost
 */
export function drawGhost(canvas, coaching, aspect, showsGhost) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = Math.min(devicePixelRatio || 1, 2);
  const [wide, high] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
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

/** Draw a shape for the closeness; joints that are not close get their number. @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} degrees @param {number} size */
function mark(pen, x, y, degrees, size) {
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

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {string} text @param {number} size @param {string} colour */
function label(pen, x, y, text, size, colour) {
  pen.font = `800 ${Math.round(1.1 * size)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  const { width } = pen.measureText(text);
  pen.fillStyle = INK;
  pen.fillRect(x - 3, y - 0.75 * size, width + 6, 1.5 * size);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}
