/**
 * What is to be marked on a body: the angle of the joint that moves, and the joints at fault.
 * @module
 */

import { bodyOf } from "./body.js";
import { bendOf, bentSide, jointsOf } from "./joints.js";
import { isCentral, measure } from "./measures.js";

/** @typedef {import("./joints.js").Posture} Posture */
/** @typedef {{joint: number, degrees: number}} JointAngle */
/** @typedef {{angle: JointAngle | null, faulty: number[]}} Marks `faulty`: joints at fault */
/** @typedef {Pick<import("./observer.js").Definition, "faults" | "rangeOfMotion">} Definition */

/** Nothing to mark. @type {Marks} */
export const NO_MARKS = { angle: null, faulty: [] };

/**
 * The measure whose angle is shown: that of the fault if it is an angle of a joint, otherwise the range of motion.
 * @param {Definition} definition @param {string | null} fault ID of the fault
 */
function shownMeasure({ faults, rangeOfMotion }, fault) {
  const measured = faults.find(({ id }) => id === fault)?.measure;
  return measured && bendOf(measured, 0) ? measured : rangeOfMotion.measure;
}

/** The joint whose angle is the range of motion; null if that is no angle of a joint. @param {Definition} definition @param {Posture} posture @returns {number | null} */
export function movingJoint({ rangeOfMotion }, posture) {
  const side = bentSide(rangeOfMotion.measure, posture);
  return side === null ? null : (bendOf(rangeOfMotion.measure, side)?.[1] ?? null);
}

/** The joints of a fault. @param {Definition} definition @param {string | null} fault its ID @param {Posture} posture @returns {number[]} */
export function faultyJoints({ faults }, fault, posture) {
  const corrected = faults.find(({ id }) => id === fault);
  return corrected ? jointsOf(corrected.measure, posture) : [];
}

/**
 * What to mark in a frame. Angles are measured in space, so there is none without depth.
 * @param {import("./body.js").Frame} frame
 * @param {Definition} definition
 * @param {string | null} fault ID of the fault that is being corrected
 * @returns {Marks}
 */
export function marksOf(frame, definition, fault) {
  const body = bodyOf(frame);
  if (!body) return NO_MARKS;
  const name = shownMeasure(definition, fault);
  const faulty = faultyJoints(definition, fault, body);
  if (!bendOf(name, 0) || !body.metric) return { angle: null, faulty };
  const side = bentSide(name, body) ?? 0;
  const degrees = measure(body, name, isCentral(name) ? "mean" : side ? "right" : "left");
  const [, joint] = /** @type {[number, number, number]} */ (bendOf(name, side));
  return { angle: Number.isNaN(degrees) ? null : { joint, degrees }, faulty };
}
