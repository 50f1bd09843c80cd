/**
 * Exact values of fields that show them rounded. A field whose text was not changed has the value that it was rounded from.
 * @module
 */

const shown = new WeakMap<HTMLInputElement, {text: string, value: number | null}>();

/** Note the exact value of what a field shows now. */
export function noteExact(field: HTMLInputElement, value: number | null) {
  shown.set(field, { text: field.value, value });
}

/** The exact value of a field, or, if its text was changed, what `read` makes of it. */
export function exactOf(field: HTMLInputElement, read: (field: HTMLInputElement) => number | null): number | null {
  const before = shown.get(field);
  return before?.text === field.value ? before.value : read(field);
}
