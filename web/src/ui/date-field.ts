/**
 * Fields of a day that can be typed: browsers report each digit of the year as a year, and forget what was typed when the value is set.
 * @module
 */

/** Whether only a part of the day has been typed. */
export function isPartOfDay({ type, value, validity }: HTMLInputElement): boolean {
  return type === "date" && (validity.badInput || (value !== "" && value < "1000"));
}

/** Show a day, unless another one is being typed. @param day YYYY-MM-DD or "" */
export function showDay(field: HTMLInputElement, day: string) {
  if (field.value !== day && !isPartOfDay(field)) field.value = day;
}
