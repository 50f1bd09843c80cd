/**
 * Pose drawing over the camera picture, by WebGL or else by a 2D canvas.
 * @module
 */

import { BONES, drawSkeleton, JOINTS, LEAST_VISIBILITY, STRIDE } from "../ui/skeleton.js";

/** @typedef {import("../ui/skeleton.js").Box} Box */
/** @typedef {{draw: (landmarks: Float32Array | null, box: Box) => void, kind: "webgl" | "2d"}} Painter */

/** @typedef {Record<"left" | "right" | "trunk", number[]>} Tints three shares each */

/** Numbers per landmark: x, y, z, visibility. */
const SEEN = 4;

const VERTEX = `
attribute vec2 place; attribute vec3 tint; varying vec3 colour; uniform float size;
void main() { gl_Position = vec4(place, 0.0, 1.0); gl_PointSize = size; colour = tint; }`;

const FRAGMENT = `
precision mediump float; varying vec3 colour; uniform bool round;
void main() {
  if (round && length(gl_PointCoord - 0.5) > 0.5) discard;
  gl_FragColor = vec4(colour, 1.0);
}`;

const RIM = [0.03, 0.04, 0.04];

/** A CSS color such as `#5cc8ff`, or `#fff` as the build shortens it, as three shares, 0..1. @param {string} color @returns {number[]} */
export function shares(color) {
  const hex = color.replace("#", "");
  const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : [0, 2, 4].map((at) => hex.slice(at, at + 2));
  return digits.map((each) => Number.parseInt(each, 16) / 255);
}

/** @param {string} name of a custom property such as `--trunk` */
function tint(name) {
  return shares(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
}

/** @param {HTMLCanvasElement} canvas @returns {Painter} */
export function openPainter(canvas) {
  const gl = canvas.getContext("webgl", { alpha: true, antialias: true });
  return gl ? new GlPainter(gl) : new PenPainter(canvas);
}

/** Draws on a 2D canvas. */
class PenPainter {
  kind = /** @type {const} */ ("2d");
  #points = new Float32Array(33 * STRIDE);

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.colours = { left: colour("--left-side"), right: colour("--right-side"), trunk: colour("--trunk") };
  }

  /** @param {Float32Array | null} landmarks @param {Box} box */
  draw(landmarks, box) {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!landmarks) return;
    for (let index = 0; index < 33; index++) {
      this.#points.set([landmarks[SEEN * index], landmarks[SEEN * index + 1], landmarks[SEEN * index + 3]], STRIDE * index);
    }
    drawSkeleton(this.pen, this.#points, box, this.colours);
  }
}

/** Draws bones as triangles and joints as round points, each over a dark, wider outline. */
class GlPainter {
  kind = /** @type {const} */ ("webgl");

  /** @param {WebGLRenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.program = link(gl);
    this.buffer = gl.createBuffer();
    this.colours = { left: tint("--left-side"), right: tint("--right-side"), trunk: tint("--trunk") };
  }

  /** @param {Float32Array | null} landmarks @param {Box} box in pixels of the canvas */
  draw(landmarks, box) {
    const { gl } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!landmarks || gl.isContextLost()) return;
    const width = Math.max(2.5, Math.min(box.width, box.height) / 110);
    gl.useProgram(this.program);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    for (const [wide, rim] of /** @type {[number, boolean][]} */ ([[width + 3, true], [width, false]])) {
      this.#put(bones(landmarks, box, wide, rim ? null : this.colours, gl), gl.TRIANGLES, 0);
      this.#put(joints(landmarks, box, rim ? null : this.colours, gl), gl.POINTS, 2 * wide + 2);
    }
  }

  /** @param {number[]} numbers x, y, r, g, b of each vertex @param {number} what @param {number} size */
  #put(numbers, what, size) {
    const { gl, program } = this;
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(numbers), gl.DYNAMIC_DRAW);
    for (const [name, count, offset] of /** @type {[string, number, number][]} */ ([["place", 2, 0], ["tint", 3, 8]])) {
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, count, gl.FLOAT, false, 20, offset);
    }
    gl.uniform1f(gl.getUniformLocation(program, "size"), size);
    gl.uniform1i(gl.getUniformLocation(program, "round"), what === gl.POINTS ? 1 : 0);
    gl.drawArrays(what, 0, numbers.length / 5);
  }
}

/** @param {WebGLRenderingContext} gl @returns {WebGLProgram} */
function link(gl) {
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  for (const [kind, source] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program) ?? "The pose cannot be drawn.");
  return program;
}

/** @param {Float32Array} points @param {number} landmark */
function seen(points, landmark) {
  return points[SEEN * landmark + 3] >= LEAST_VISIBILITY; // False for NaN.
}

/** @param {Float32Array} points @param {Box} box @param {number} landmark @returns {[number, number]} pixels */
function place(points, box, landmark) {
  return [box.left + points[SEEN * landmark] * box.width, box.top + points[SEEN * landmark + 1] * box.height];
}

/** Two triangles per bone; bones of the right side are dashed. @param {Float32Array} points @param {Box} box @param {number} width @param {Tints | null} colours null for the outline @param {WebGLRenderingContext} gl */
function bones(points, box, width, colours, gl) {
  /** @type {number[]} */
  const corners = [];
  for (const [side, pairs] of Object.entries(BONES)) {
    const colour = colours ? colours[/** @type {keyof Tints} */ (side)] : RIM;
    for (const [from, to] of pairs) {
      if (!seen(points, from) || !seen(points, to)) continue;
      const [ends, other] = [place(points, box, from), place(points, box, to)];
      const pieces = side === "right" && colours ? dashes(ends, other, width) : [[ends, other]];
      for (const [a, b] of pieces) quad(corners, a, b, width, colour, gl);
    }
  }
  return corners;
}

/** @param {[number, number]} from @param {[number, number]} to @param {number} width @returns {[number, number][][]} */
function dashes([ax, ay], [bx, by], width) {
  const length = Math.hypot(bx - ax, by - ay);
  const count = Math.max(1, Math.round(length / (width * 4.4)));
  const at = (/** @type {number} */ share) => /** @type {[number, number]} */ ([ax + (bx - ax) * share, ay + (by - ay) * share]);
  return Array.from({ length: count }, (_, index) => [at(index / count), at((index + 0.6) / count)]);
}

/** @param {number[]} corners of triangles, to which two are added @param {[number, number]} from @param {[number, number]} to @param {number} width @param {number[]} colour @param {WebGLRenderingContext} gl */
function quad(corners, [ax, ay], [bx, by], width, colour, gl) {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [dx, dy] = [(-(by - ay) / length) * (width / 2), ((bx - ax) / length) * (width / 2)];
  for (const [x, y] of [[ax + dx, ay + dy], [ax - dx, ay - dy], [bx + dx, by + dy], [bx + dx, by + dy], [ax - dx, ay - dy], [bx - dx, by - dy]]) {
    corners.push(...clip(x, y, gl), ...colour);
  }
}

/** @param {Float32Array} points @param {Box} box @param {Tints | null} colours null for the outline @param {WebGLRenderingContext} gl */
function joints(points, box, colours, gl) {
  return JOINTS.filter((joint) => seen(points, joint)).flatMap((joint) => {
    const colour = colours ? (joint % 2 ? colours.left : colours.right) : RIM;
    return [...clip(...place(points, box, joint), gl), ...colour];
  });
}

/** Convert pixels to clip space: -1..1, upwards. @param {number} x @param {number} y @param {WebGLRenderingContext} gl @returns {[number, number]} */
function clip(x, y, gl) {
  return [(2 * x) / gl.drawingBufferWidth - 1, 1 - (2 * y) / gl.drawingBufferHeight];
}
