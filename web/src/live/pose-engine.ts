/**
 * Pose engine: finds poses in pictures with MediaPipe, in a worker or in the page.
 * @module
 */

import { FilesetResolver, PoseLandmarker } from "@mediapipe/tasks-vision";
import { partMissing, Problem, unreachable } from "../api/problem.ts";
import { COUNT } from "../motion/landmarks.ts";
import { refused } from "./http-transport.ts";

export type Detection = {landmarks: Float32Array | null, world: Float32Array | null, people: number};
type Point = {x: number, y: number, z: number, visibility?: number};

/** URLs of the library's loaders and WebAssembly by file name; Vite replaces this call. */
const WASM: Record<string, string> = Object.fromEntries(
  Object.entries(import.meta.glob("../../node_modules/@mediapipe/tasks-vision/wasm/*", { eager: true, query: "?url", import: "default" })).map(
    ([path, url]) => [path.slice(path.lastIndexOf("/") + 1), new URL(String(url), location.href).href],
  ),
);

/** Host to which the library reports its usage. */
const REPORTS_TO = "https://odml.pa.googleapis.com";

/** Maximum number of people to find: the athlete, and one more to detect that the athlete is not alone. */
const PEOPLE = 2;

/** Names of software renderers of Chromium, Mesa and Windows. */
const PLAYED = /swiftshader|llvmpipe|softpipe|software|basic render/i;

const NOSE = 0;
const HIPS = [23, 24];

/** A loaded landmarker, which follows one athlete. */
export class PoseEngine {
  #landmarker;
  /** Last position of the athlete's hips. */
  #place: {x: number, y: number} | null = null;

  constructor(landmarker: PoseLandmarker) {
    this.#landmarker = landmarker;
  }

  /**
   * Load the library and the model; use the GPU if there is one. Throws a Problem if the model or the library cannot be loaded.
   * @param inModule whether it runs in a module worker
   */
  static async open(modelUrl: string, inModule: boolean) {
    keepToOurselves();
    const [files, model] = await Promise.all([wasmFiles(inModule), fetched(modelUrl)]);
    const create = (delegate: "GPU" | "CPU") =>
      PoseLandmarker.createFromOptions(files, { baseOptions: { modelAssetBuffer: model.slice(), delegate }, runningMode: "VIDEO", numPoses: PEOPLE });
    try {
      return new PoseEngine(await (hasGpu() ? create("GPU").catch(() => create("CPU")) : create("CPU")));
    } catch (error) {
      await Promise.all(Object.values(files).map(fetched)).catch(() => { throw partMissing(); }); // the library does not report which
      throw error;
    }
  }

  /** Find the athlete in a picture, which must be later than the previous one. */
  detect(picture: TexImageSource, timeMs: number): Detection {
    const { landmarks, worldLandmarks } = this.#landmarker.detectForVideo(picture, timeMs);
    const at = this.#athlete(landmarks);
    if (at < 0) return { landmarks: null, world: null, people: 0 };
    this.#place = middle(landmarks[at]);
    const world = worldLandmarks[at];
    return { landmarks: written(landmarks[at], 4), world: world ? written(world, 3) : null, people: landmarks.length };
  }

  /** Release the landmarker. */
  close() {
    this.#landmarker.close();
  }

  /** Index of the person closest to the athlete's last position; at first, of the largest person. */
  #athlete(people: Point[][]) {
    const place = this.#place;
    const far = people.map((points) => {
      const { x, y } = middle(points);
      return place ? Math.hypot(x - place.x, y - place.y) : -Math.abs(points[NOSE].y - y);
    });
    return far.indexOf(Math.min(...far));
  }
}

function middle(points: Point[]) {
  const [left, right] = HIPS.map((at) => points[at]);
  return { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 };
}

function written(points: Point[], width: 3 | 4) {
  const values = new Float32Array(COUNT * width);
  points.forEach(({ x, y, z, visibility }, index) => {
    values.set(width === 4 ? [x, y, z, visibility ?? 0] : [x, y, z], width * index);
  });
  return values;
}

/** The variant of the WebAssembly for this browser, with or without SIMD. */
async function wasmFiles(inModule: boolean) {
  const { wasmLoaderPath, wasmBinaryPath } = await FilesetResolver.forVisionTasks("", inModule);
  const urlOf = (path: string) => WASM[path.slice(path.lastIndexOf("/") + 1)];
  return { wasmLoaderPath: urlOf(wasmLoaderPath), wasmBinaryPath: urlOf(wasmBinaryPath) };
}

/** Whether there is a hardware GPU: a software renderer takes seconds per picture, the CPU delegate a tenth. */
function hasGpu() {
  const canvas = typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(1, 1);
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true }) as WebGL2RenderingContext | null;
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl?.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return gl !== null && !PLAYED.test(name);
}

async function fetched(url: string): Promise<Uint8Array> {
  const answer = await fetch(url).catch(() => null);
  if (!answer) throw unreachable();
  if (!answer.ok) throw refused(answer.status, await answer.text(), answer.headers.get("Request-ID"));
  return new Uint8Array(await answer.arrayBuffer());
}

/** Block the library's usage reports; after one refusal it gives up. */
function keepToOurselves() {
  const before = globalThis.fetch;
  globalThis.fetch = async (input, options) =>
    String(input).startsWith(REPORTS_TO) ? new Response(null, { status: 403 }) : before(input, options);
}

/** Convert an error to a plain object that can be posted to the page. */
export function plain(error: unknown) {
  if (error instanceof Problem) return { title: error.title, detail: error.detail, code: error.code, status: error.status };
  return { title: "Pose detection does not work on this device.", detail: String(error), code: "pose.unavailable", status: 0 };
}
