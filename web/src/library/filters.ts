/**
 * Filters of the exercise library: from and to the URL, and which exercises they leave.
 * @module
 */

import type { Exercise } from "../api/client.ts";

export interface Filters {
  /** words of the name, the category, the muscles and the equipment */
  text: string;
  category: string;
  muscle: string;
  /** a key, or `NO_EQUIPMENT` */
  equipment: string;
}

/** Names of the parameters, in the order of the URL. */
export const NAMES: (keyof Filters)[] = ["text", "category", "muscle", "equipment"];

/** The filter that leaves exercises without equipment. */
export const NO_EQUIPMENT = "none";

/** @param search `location.search` */
export function parseFilters(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const [text, category, muscle, equipment] = NAMES.map((name) => parameters.get(name) ?? "");
  return { text, category, muscle, equipment };
}

/** @returns with its `?`, or "" without filters */
export function formatSearch(filters: Filters): string {
  const parameters = new URLSearchParams(NAMES.filter((name) => filters[name]).map((name) => [name, filters[name]]));
  return parameters.size ? `?${parameters}` : "";
}

/** Whether an exercise passes the filters. @param searchable all that a search finds it by */
export function matches({ category, muscles, equipment }: Pick<Exercise, "category" | "muscles" | "equipment">, searchable: string, filters: Filters): boolean {
  const text = plain(searchable);
  return plain(filters.text).split(/\s+/).every((word) => text.includes(word))
    && (!filters.category || filters.category === category)
    && (!filters.muscle || muscles.includes(filters.muscle))
    && (!filters.equipment || (filters.equipment === NO_EQUIPMENT ? equipment.length === 0 : equipment.includes(filters.equipment)));
}

/** In lower case, without accents and hyphens. */
function plain(text: string) {
  return text.trim().toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("-", " ");
}
