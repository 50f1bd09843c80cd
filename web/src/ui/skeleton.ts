/**
 * Drawing a pose on a canvas: left and right differ in color and dash; bones have a dark outline.
 * @module
 */

export type Box = {left: number, top: number, width: number, height: number};

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
 * @param width of the box
 * @param height of the box
 * @param aspect width / height of the picture
 */
export function letterbox(width: number, height: number, aspect: number): Box {
  const shown = Math.min(width, height * aspect);
  return { left: (width - shown) / 2, top: (height - shown / aspect) / 2, width: shown, height: shown / aspect };
}

/**
 * Draw one pose.
 * @param points 33 landmarks of STRIDE numbers, NaN where unseen
 * @param box where the picture lies on the canvas
 */
export function drawSkeleton(pen: CanvasRenderingContext2D, points: Float32Array, box: Box, colours: {left: string, right: string, trunk: string}) {
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

/** Bones of a figure: as those of a skeleton, without the face. */
const FIGURE: {side: "left" | "right" | "trunk", bones: number[][]}[] = [{ side: "right", bones: RIGHT.slice(0, -1) }, { side: "left", bones: LEFT.slice(0, -1) }, { side: "trunk", bones: TRUNK }];

/** Radius of a figure's head, as a part of the distance from the shoulders to the ears, and at least as a part of the trunk. */
const [HEAD, LEAST_HEAD] = [0.68, 0.24];

/**
 * Draw a figure: a pose in thick solid lines, with a head, for small pictures.
 * @param points 33 landmarks of STRIDE numbers, NaN where unseen
 * @param box where the picture lies on the canvas
 */
export function drawFigure(pen: CanvasRenderingContext2D, points: Float32Array, box: Box, colours: {left: string, right: string, trunk: string}, thickness: number) {
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const { side, bones } of FIGURE) stroke(pen, points, box, bones, colours[side], thickness, []);
  if (![7, 8, 11, 12, 23, 24].every((landmark) => seen(points, landmark))) return;
  const [ears, shoulders, hips] = [middle(points, box, 7, 8), middle(points, box, 11, 12), middle(points, box, 23, 24)];
  const distance = (other: [number, number]) => Math.hypot(other[0] - shoulders[0], other[1] - shoulders[1]);
  pen.strokeStyle = colours.trunk;
  pen.lineWidth = 0.8 * thickness;
  pen.beginPath();
  pen.arc(ears[0], ears[1], Math.max(HEAD * distance(ears), LEAST_HEAD * distance(hips)), 0, 2 * Math.PI);
  pen.stroke();
}

/** The point between two landmarks. */
function middle(points: Float32Array, box: Box, one: number, other: number): [number, number] {
  const [a, b] = [place(points, box, one), place(points, box, other)];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function stroke(pen: CanvasRenderingContext2D, points: Float32Array, box: Box, bones: number[][], colour: string, width: number, dash: number[]) {
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

function dot(pen: CanvasRenderingContext2D, points: Float32Array, box: Box, joint: number, colour: string, thickness: number) {
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

function seen(points: Float32Array, landmark: number) {
  return points[landmark * STRIDE + 2] >= LEAST_VISIBILITY; // False for NaN.
}

function place(points: Float32Array, box: Box, landmark: number): [number, number] {
  return [box.left + points[landmark * STRIDE] * box.width, box.top + points[landmark * STRIDE + 1] * box.height];
}
