/**
 * Drawing a pose on a canvas: left and right differ in color and dash; bones have a dark outline.
 * @module
 */

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/** Pairs of BlazePose landmarks; of the face only the line from ear to ear through the nose. */
const LEFT = [[11, 13], [13, 15], [15, 19], [23, 25], [25, 27], [27, 29], [29, 31], [27, 31], [7, 0]];
const RIGHT = [[12, 14], [14, 16], [16, 20], [24, 26], [26, 28], [28, 30], [30, 32], [28, 32], [8, 0]];
const TRUNK = [[11, 12], [23, 24], [11, 23], [12, 24]];
/** Bones by side. */
export const BONES = { trunk: TRUNK, left: LEFT, right: RIGHT };

/** Landmarks that are drawn as dots. */
export const JOINTS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];

/** Landmarks below this visibility are guesses; no bones are drawn to them. */
export const LEAST_VISIBILITY = 0.3;

/** Numbers per landmark: x, y (shares of the picture) and visibility. */
export const STRIDE = 3;

/**
 * Return where the picture lies in a box that shows it whole ("object-fit: contain").
 * @param {number} width of the box
 * @param {number} height of the box
 * @param {number} aspect width / height of the picture
 * @returns {Box}
 */
export function letterbox(width, height, aspect) {
  const shown = Math.min(width, height * aspect);
  return { left: (width - shown) / 2, top: (height - shown / aspect) / 2, width: shown, height: shown / aspect };
}

/**
 * Draw one pose.
 * @param {CanvasRenderingContext2D} pen
 * @param {Float32Array} points 33 landmarks of STRIDE numbers, NaN where unseen
 * @param {Box} box where the picture lies on the canvas
 * @param {{left: string, right: string, trunk: string}} colours
 */
export function drawSkeleton(pen, points, box, colours) {
  const thickness = Math.max(2.5, Math.min(box.width, box.height) / 110);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  const strokes = [
    { bones: TRUNK, colour: colours.trunk, dash: [] },
    { bones: LEFT, colour: colours.left, dash: [] },
    { bones: RIGHT, colour: colours.right, dash: [thickness * 2.4, thickness * 2] },
  ];
  for (const { bones } of strokes) stroke(pen, points, box, bones, "rgba(8, 10, 11, 0.75)", thickness + 3, []);
  for (const { bones, colour, dash } of strokes) stroke(pen, points, box, bones, colour, thickness, dash);
  pen.setLineDash([]);
  for (const joint of JOINTS) dot(pen, points, box, joint, joint % 2 ? colours.left : colours.right, thickness);
}

/** Bones of a figure: as those of a skeleton, without the face. @type {{side: "left" | "right" | "trunk", bones: number[][]}[]} */
const FIGURE = [{ side: "right", bones: RIGHT.slice(0, -1) }, { side: "left", bones: LEFT.slice(0, -1) }, { side: "trunk", bones: TRUNK }];

/** Radius of a figure's head, as a part of the distance from the shoulders to the ears, and at least as a part of the trunk. */
const [HEAD, LEAST_HEAD] = [0.68, 0.24];

/**
 * Draw a figure: a pose in thick solid lines, with a head, for small pictures.
 * @param {CanvasRenderingContext2D} pen
 * @param {Float32Array} points 33 landmarks of STRIDE numbers, NaN where unseen
 * @param {Box} box where the picture lies on the canvas
 * @param {{left: string, right: string, trunk: string}} colours
 * @param {number} thickness
 */
export function drawFigure(pen, points, box, colours, thickness) {
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const { side, bones } of FIGURE) stroke(pen, points, box, bones, colours[side], thickness, []);
  if (![7, 8, 11, 12, 23, 24].every((landmark) => seen(points, landmark))) return;
  const [ears, shoulders, hips] = [middle(points, box, 7, 8), middle(points, box, 11, 12), middle(points, box, 23, 24)];
  const distance = (/** @type {[number, number]} */ other) => Math.hypot(other[0] - shoulders[0], other[1] - shoulders[1]);
  pen.strokeStyle = colours.trunk;
  pen.lineWidth = 0.8 * thickness;
  pen.beginPath();
  pen.arc(ears[0], ears[1], Math.max(HEAD * distance(ears), LEAST_HEAD * distance(hips)), 0, 2 * Math.PI);
  pen.stroke();
}

/** The point between two landmarks. @param {Float32Array} points @param {Box} box @param {number} one @param {number} other @returns {[number, number]} */
function middle(points, box, one, other) {
  const [a, b] = [place(points, box, one), place(points, box, other)];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** @param {CanvasRenderingContext2D} pen @param {Float32Array} points @param {Box} box @param {number[][]} bones @param {string} colour @param {number} width @param {number[]} dash */
function stroke(pen, points, box, bones, colour, width, dash) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  for (const [from, to] of bones) {
    if (!seen(points, from) || !seen(points, to)) continue;
    pen.moveTo(...place(points, box, from));
    pen.lineTo(...place(points, box, to));
  }
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Float32Array} points @param {Box} box @param {number} joint @param {string} colour @param {number} thickness */
function dot(pen, points, box, joint, colour, thickness) {
  if (!seen(points, joint)) return;
  const [x, y] = place(points, box, joint);
  pen.beginPath();
  pen.arc(x, y, thickness * 1.25, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = "rgba(8, 10, 11, 0.9)";
  pen.stroke();
}

/** @param {Float32Array} points @param {number} landmark */
function seen(points, landmark) {
  return points[landmark * STRIDE + 2] >= LEAST_VISIBILITY; // False for NaN.
}

/** @param {Float32Array} points @param {Box} box @param {number} landmark @returns {[number, number]} */
function place(points, box, landmark) {
  return [box.left + points[landmark * STRIDE] * box.width, box.top + points[landmark * STRIDE + 1] * box.height];
}
