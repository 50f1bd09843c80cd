/**
 * What is to be marked on a body: the angle of the joint that moves, and the joints at fault.
 * @module
 */

import { bodyOf, type Frame } from "./body.ts";
import { bendOf, bentSide, jointsOf, type Posture } from "./joints.ts";
import { isCentral, measure } from "./measures.ts";

type JointAngle = {joint: number, degrees: number};
/** `faulty`: joints at fault */
export type Marks = {angle: JointAngle | null, faulty: number[]};
export type Definition = Pick<import("./observer.ts").Definition, "faults" | "rangeOfMotion">;

/** Nothing to mark. */
export const NO_MARKS: Marks = { angle: null, faulty: [] };

/**
 * The measure whose angle is shown: that of the fault if it is an angle of a joint, otherwise the range of motion.
 * @param fault ID of the fault
 */
function shownMeasure({ faults, rangeOfMotion }: Definition, fault: string | null) {
  const measured = faults.find(({ id }) => id === fault)?.measure;
  return measured && bendOf(measured, 0) ? measured : rangeOfMotion.measure;
}

/** The joints of a fault. @param fault its ID */
function faultyJoints({ faults }: Definition, fault: string | null, posture: Posture): number[] {
  const corrected = faults.find(({ id }) => id === fault);
  return corrected ? jointsOf(corrected.measure, posture) : [];
}

/**
 * What to mark in a frame. Angles are measured in space, so there is none without depth.
 * @param fault ID of the fault that is being corrected
 */
export function marksOf(frame: Frame, definition: Definition, fault: string | null): Marks {
  const body = bodyOf(frame);
  if (!body) return NO_MARKS;
  const name = shownMeasure(definition, fault);
  const faulty = faultyJoints(definition, fault, body);
  if (!bendOf(name, 0) || !body.metric) return { angle: null, faulty };
  const side = bentSide(name, body) ?? 0;
  const degrees = measure(body, name, isCentral(name) ? "mean" : side ? "right" : "left");
  const [, joint] = bendOf(name, side) as [number, number, number];
  return { angle: Number.isNaN(degrees) ? null : { joint, degrees }, faulty };
}
