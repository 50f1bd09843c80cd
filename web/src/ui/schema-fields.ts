/**
 * Form fields whose constraints come from the schema of the request that they fill.
 * @module
 */

import { CONSTRAINTS, type Constraints } from "../api/constraints.ts";

/** The constraints of a field of a request body. @param field "Login.email" */
export function constraintsOf(field: string): Constraints {
  const constraints = CONSTRAINTS[field];
  if (!constraints) throw new Error(`The schema has no constraints of ${field}.`);
  return constraints;
}

/** Attributes for an input. @param field "Login.email" */
export function fieldAttributes(field: string) {
  const { required, minlength, maxlength, min, max, step } = constraintsOf(field);
  return { "data-schema": field, required, minlength, maxlength, min, max, step };
}

/** Set the attributes of the inputs that name their field in `data-schema`. */
export function applyConstraints(root: ParentNode) {
  for (const input of root.querySelectorAll("input[data-schema], textarea[data-schema]")) {
    const attributes = Object.entries(fieldAttributes(input.getAttribute("data-schema") ?? ""));
    for (const [name, value] of attributes) if (value !== undefined) input.setAttribute(name, value === true ? "" : String(value));
  }
}
