/**
 * Form fields whose constraints come from the schema of the request that they fill.
 * @module
 */

import { CONSTRAINTS } from "../api/constraints.js";

/** The constraints of a field of a request body. @param {string} field "Login.email" @returns {import("../api/constraints.js").Constraints} */
export function constraintsOf(field) {
  const constraints = CONSTRAINTS[field];
  if (!constraints) throw new Error(`The schema has no constraints of ${field}.`);
  return constraints;
}

/** Attributes for an input. @param {string} field "Login.email" */
export function fieldAttributes(field) {
  const { required, minlength, maxlength, min, max } = constraintsOf(field);
  return { "data-schema": field, required, minlength, maxlength, min, max };
}

/** Set the attributes of the inputs that name their field in `data-schema`. @param {ParentNode} root */
export function applyConstraints(root) {
  for (const input of root.querySelectorAll("input[data-schema], textarea[data-schema]")) {
    const attributes = Object.entries(fieldAttributes(input.getAttribute("data-schema") ?? ""));
    for (const [name, value] of attributes) if (value !== undefined) input.setAttribute(name, value === true ? "" : String(value));
  }
}
