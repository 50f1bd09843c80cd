/**
 * Pose drawing over the camera picture, by WebGL or else by a 2D canvas.
 * @module
 */

import { BONES, drawSkeleton, JOINTS, LEAST_VISIBILITY, STRIDE, type Box } from "../ui/skeleton.ts";

export type Painter = {draw: (landmarks: Float32Array | null, box: Box) => void, kind: "webgl" | "2d"};

/** three shares each */
type Tints = Record<"left" | "right" | "trunk", number[]>;

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

/** A CSS color such as `#5cc8ff`, or `#fff` as the build shortens it, as three shares, 0..1. */
export function shares(color: string): number[] {
  const hex = color.replace("#", "");
  const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : [0, 2, 4].map((at) => hex.slice(at, at + 2));
  return digits.map((each) => Number.parseInt(each, 16) / 255);
}

/** @param name of a custom property such as `--trunk` */
function tint(name: string) {
  return shares(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
}

export function openPainter(canvas: HTMLCanvasElement): Painter {
  const gl = canvas.getContext("webgl", { alpha: true, antialias: true });
  return gl ? new GlPainter(gl) : new PenPainter(canvas);
}

/** Draws on a 2D canvas. */
class PenPainter {
  canvas: HTMLCanvasElement;
  pen: CanvasRenderingContext2D;
  colours: { left: string; right: string; trunk: string };

  kind = "2d" as const;
  #points = new Float32Array(33 * STRIDE);

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    this.colours = { left: colour("--left-side"), right: colour("--right-side"), trunk: colour("--trunk") };
  }

  draw(landmarks: Float32Array | null, box: Box) {
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
  gl: WebGLRenderingContext;
  program: WebGLProgram;
  buffer: WebGLBuffer;
  colours: { left: number[]; right: number[]; trunk: number[] };

  kind = "webgl" as const;

  constructor(gl: WebGLRenderingContext) {
    this.gl = gl;
    this.program = link(gl);
    this.buffer = gl.createBuffer();
    this.colours = { left: tint("--left-side"), right: tint("--right-side"), trunk: tint("--trunk") };
  }

  /** @param box in pixels of the canvas */
  draw(landmarks: Float32Array | null, box: Box) {
    const { gl } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!landmarks || gl.isContextLost()) return;
    const width = Math.max(2.5, Math.min(box.width, box.height) / 110);
    gl.useProgram(this.program);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    for (const [wide, rim] of [[width + 3, true], [width, false]] as [number, boolean][]) {
      this.#put(bones(landmarks, box, wide, rim ? null : this.colours, gl), gl.TRIANGLES, 0);
      this.#put(joints(landmarks, box, rim ? null : this.colours, gl), gl.POINTS, 2 * wide + 2);
    }
  }

  /** @param numbers x, y, r, g, b of each vertex */
  #put(numbers: number[], what: number, size: number) {
    const { gl, program } = this;
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(numbers), gl.DYNAMIC_DRAW);
    for (const [name, count, offset] of [["place", 2, 0], ["tint", 3, 8]] as [string, number, number][]) {
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, count, gl.FLOAT, false, 20, offset);
    }
    gl.uniform1f(gl.getUniformLocation(program, "size"), size);
    gl.uniform1i(gl.getUniformLocation(program, "round"), what === gl.POINTS ? 1 : 0);
    gl.drawArrays(what, 0, numbers.length / 5);
  }
}

function link(gl: WebGLRenderingContext): WebGLProgram {
  const program = gl.createProgram() as WebGLProgram;
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as [number, string][]) {
    const shader = gl.createShader(kind) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program) ?? "The pose cannot be drawn.");
  return program;
}

function seen(points: Float32Array, landmark: number) {
  return points[SEEN * landmark + 3] >= LEAST_VISIBILITY; // False for NaN.
}

/** @returns pixels */
function place(points: Float32Array, box: Box, landmark: number): [number, number] {
  return [box.left + points[SEEN * landmark] * box.width, box.top + points[SEEN * landmark + 1] * box.height];
}

/** Two triangles per bone; bones of the right side are dashed. @param colours null for the outline */
function bones(points: Float32Array, box: Box, width: number, colours: Tints | null, gl: WebGLRenderingContext) {
  const corners: number[] = [];
  for (const [side, pairs] of Object.entries(BONES)) {
    const colour = colours ? colours[side as keyof Tints] : RIM;
    for (const [from, to] of pairs) {
      if (!seen(points, from) || !seen(points, to)) continue;
      const [ends, other] = [place(points, box, from), place(points, box, to)];
      const pieces = side === "right" && colours ? dashes(ends, other, width) : [[ends, other]];
      for (const [a, b] of pieces) quad(corners, a, b, width, colour, gl);
    }
  }
  return corners;
}

function dashes([ax, ay]: [number, number], [bx, by]: [number, number], width: number): [number, number][][] {
  const length = Math.hypot(bx - ax, by - ay);
  const count = Math.max(1, Math.round(length / (width * 4.4)));
  const at = (share: number) => [ax + (bx - ax) * share, ay + (by - ay) * share] as [number, number];
  return Array.from({ length: count }, (_, index) => [at(index / count), at((index + 0.6) / count)]);
}

/** @param corners of triangles, to which two are added */
function quad(corners: number[], [ax, ay]: [number, number], [bx, by]: [number, number], width: number, colour: number[], gl: WebGLRenderingContext) {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [dx, dy] = [(-(by - ay) / length) * (width / 2), ((bx - ax) / length) * (width / 2)];
  for (const [x, y] of [[ax + dx, ay + dy], [ax - dx, ay - dy], [bx + dx, by + dy], [bx + dx, by + dy], [ax - dx, ay - dy], [bx - dx, by - dy]]) {
    corners.push(...clip(x, y, gl), ...colour);
  }
}

/** @param colours null for the outline */
function joints(points: Float32Array, box: Box, colours: Tints | null, gl: WebGLRenderingContext) {
  return JOINTS.filter((joint) => seen(points, joint)).flatMap((joint) => {
    const colour = colours ? (joint % 2 ? colours.left : colours.right) : RIM;
    return [...clip(...place(points, box, joint), gl), ...colour];
  });
}

/** Convert pixels to clip space: -1..1, upwards. */
function clip(x: number, y: number, gl: WebGLRenderingContext): [number, number] {
  return [(2 * x) / gl.drawingBufferWidth - 1, 1 - (2 * y) / gl.drawingBufferHeight];
}
