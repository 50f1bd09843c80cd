/**
 * Draws a pose over a video.
 * @module
 */

import { COUNT } from "../motion/landmarks.ts";
import { drawSkeleton, letterbox, STRIDE } from "../ui/skeleton.ts";

const ON_VIDEO = { left: "#5cc8ff", right: "#ffb347", trunk: "#ffffff" };

/** @param canvas over the video */
export function drawPose(canvas: HTMLCanvasElement, pose: {landmarks: Float32Array, aspect: number} | null) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = Math.min(devicePixelRatio || 1, 2);
  const [wide, high] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, width, height);
  if (!pose) return;
  const points = new Float32Array(COUNT * STRIDE);
  for (let at = 0; at < COUNT; at += 1) points.set([pose.landmarks[4 * at], pose.landmarks[4 * at + 1], pose.landmarks[4 * at + 3]], STRIDE * at);
  drawSkeleton(pen, points, letterbox(width, height, pose.aspect), ON_VIDEO);
}
