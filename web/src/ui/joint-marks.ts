/**
 * Marks on a drawn body: a ring around each joint at fault, and the angle of a joint beside it.
 * @module
 */

import { h } from "./dom.ts";
import { BONES, LEAST_VISIBILITY, STRIDE, type Box } from "./skeleton.ts";
import type { Marks } from "../motion/joint-marks.ts";

/** `place`: CSS pixels in it */
export type Picture = {place: (joint: number) => [number, number], isSeen: (joint: number) => boolean, width: number, height: number};

/** Radius of the ring around a joint, as a part of the picture's smaller side; how much it grows, and how often. */
const RING = 0.035;
const GROWS = 0.25;
const PERIOD_MS = 800;

/** Distance of the angle from its joint, in pixels. */
const BESIDE = 18;

/** Return the positions of a pose's joints in a picture. @param points 33 landmarks of STRIDE numbers @param box of the pose @param size of the picture */
export function pictureOf(points: Float32Array, box: Box, size: {width: number, height: number}): Picture {
  return {
    ...size,
    isSeen: (joint) => points[STRIDE * joint + 2] >= LEAST_VISIBILITY,
    place: (joint) => [box.left + points[STRIDE * joint] * box.width, box.top + points[STRIDE * joint + 1] * box.height],
  };
}

/** Color the bones at the joints at fault, and put a ring around each. */
export function drawFaulty(pen: CanvasRenderingContext2D, faulty: number[], { place, isSeen, width, height }: Picture) {
  const unit = Math.min(width, height);
  const joints = faulty.filter(isSeen);
  if (joints.length === 0) return;
  pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--at-fault").trim();
  pen.lineCap = "round";
  pen.setLineDash([]);
  pen.lineWidth = Math.max(4, unit / 80);
  pen.beginPath();
  for (const [from, to] of Object.values(BONES).flat()) {
    if (!(joints.includes(from) || joints.includes(to)) || !isSeen(from) || !isSeen(to)) continue;
    pen.moveTo(...place(from));
    pen.lineTo(...place(to));
  }
  pen.stroke();
  const grown = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 1 + GROWS * Math.abs(Math.sin((Math.PI * performance.now()) / PERIOD_MS));
  for (const joint of joints) {
    pen.beginPath();
    pen.arc(...place(joint), RING * unit * grown, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/** The angle of a joint, beside it; `element` is its label. It changes with each frame, so screen readers do not read it. */
export class AngleLabel {
  element = h("span", { class: "joint-angle", "aria-hidden": "true", hidden: true });

  hide() {
    this.element.hidden = true;
  }

  show({ angle, faulty }: Marks, { place, isSeen }: Picture) {
    const { element } = this;
    element.hidden = angle === null || !isSeen(angle.joint);
    if (angle === null || element.hidden) return;
    const [x, y] = place(angle.joint);
    element.textContent = `${Math.round(angle.degrees)}°`;
    element.toggleAttribute("data-at-fault", faulty.includes(angle.joint));
    element.style.left = `clamp(0px, ${x + BESIDE}px, calc(100% - 4em))`;
    element.style.top = `clamp(0px, calc(${y}px - 1em), calc(100% - 2em))`;
  }
}
