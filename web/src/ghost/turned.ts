/**
 * How far a body is turned from the camera.
 * @module
 */

import { bodyOf, facing, type Frame } from "../motion/body.ts";

const DEGREES = 180 / Math.PI;

/** Angle between a trunk and the camera in degrees: 0 facing it, 90 sideways. */
export function turnedDegOf(frame: Frame): number | null {
  const body = bodyOf(frame);
  const towards = body ? facing(body) : NaN;
  return Number.isNaN(towards) ? null : DEGREES * Math.acos(Math.min(Math.max(towards, -1), 1));
}
