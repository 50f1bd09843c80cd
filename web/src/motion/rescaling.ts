/**
 * Undoes the separate scaling of each axis by some sources, with the known proportions of bones.
 *
 * The same least squares as in `domain/motion/signals/axis_scale.py`: for every bone, the sum of scale² times
 * difference² over the axes is its length².
 * @module
 */

/**
 * Bones and their lengths in statures: Winter, Biomechanics and Motor Control of Human Movement,
 * 2009, fig. 4.1.
 */
export const BONES: readonly (readonly [number, number, number])[] = [
  [11, 12, 0.22], [23, 24, 0.143], [11, 23, 0.288], [12, 24, 0.288], [11, 13, 0.186], [12, 14, 0.186],
  [13, 15, 0.146], [14, 16, 0.146], [23, 25, 0.245], [24, 26, 0.245], [25, 27, 0.246], [26, 28, 0.246],
];

/** Typical squared scales of a person normalized to a box of 1. */
const USUAL = [0.25, 0.6, 0.15];

/** Weight of the typical scales relative to the bones. */
const CAUTION = 0.02;

const TINY = 1e-12;

/** Squared scales outside these limits are due to a failed pose. */
const LIMITS = [0.02, 3.0];

/** Undo the scales of x, y and z (33 each); the unit is then one stature. */
export function rescaled(axes: Float64Array[]): Float64Array[] {
  const squares = axes.map((axis) => BONES.map(([one, other]) => (axis[one] - axis[other]) ** 2));
  const normal = squares.map((one) => squares.map((other) => dot(one, other)));
  const lengths = BONES.map(([, , length]) => length * length);
  const right = squares.map((one) => dot(one, lengths));
  const caution = CAUTION * (normal[0][0] + normal[1][1] + normal[2][2]) + TINY;
  for (let i = 0; i < 3; i += 1) {
    normal[i][i] += caution;
    right[i] += caution * USUAL[i];
  }
  const scales = solved(normal, right).map((scale) => Math.sqrt(Math.min(Math.max(scale, LIMITS[0]), LIMITS[1])));
  return axes.map((axis, index) => axis.map((place) => place * scales[index]));
}

function dot(one: number[], other: number[]) {
  return one.reduce((sum, each, index) => sum + each * other[index], 0);
}

/** Solve a symmetric system of three by Cramer's rule. */
function solved(normal: number[][], right: number[]) {
  const [[a, b, c], [, d, e], [, , f]] = normal;
  const [u, v, w] = right;
  const [p, q, r] = [d * f - e * e, c * e - b * f, b * e - c * d];
  const determinant = a * p + b * q + c * r;
  return [
    (u * p + v * q + w * r) / determinant,
    (u * q + v * (a * f - c * c) + w * (b * c - a * e)) / determinant,
    (u * r + v * (b * c - a * e) + w * (a * d - b * b)) / determinant,
  ];
}
