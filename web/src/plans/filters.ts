/**
 * Filters of the plan browser: from and to the URL, and as parameters of the list.
 * @module
 */

export interface Filters {
  /** part of the title */
  text: string;
  level: string;
  equipment: string;
  /** of the trainer */
  language: string;
  /** "free", "paid" or "" */
  price: string;
  order: string;
  /** ID of a trainer */
  trainer: string;
}

/** Plans per page. */
const PAGE = 12;

/** Values of the filters that are not free. */
const ALLOWED: Record<string, string[]> = { level: ["beginner", "intermediate", "advanced"], price: ["free", "paid"], order: ["published", "title", "weeks"] };

/** Names of the parameters, in the order of the URL. */
export const NAMES: (keyof Filters)[] = ["text", "level", "equipment", "language", "price", "order", "trainer"];

/** Parse the filters; invalid parameters are ignored. @param search `location.search` */
export function parseFilters(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const valid = NAMES.map((name) => {
    const value = parameters.get(name) ?? "";
    return [name, (ALLOWED[name]?.includes(value) ?? true) ? value : ""];
  });
  return Object.fromEntries(valid);
}

/** Serialize the filters; defaults are left out. @returns with its `?`, or "" */
export function formatSearch(filters: Filters): string {
  const parameters = new URLSearchParams(NAMES.filter((name) => filters[name] && filters[name] !== "published").map((name) => [name, filters[name]]));
  return parameters.size ? `?${parameters}` : "";
}

/** Whether the filters exclude any plan; the trainer is a page of its own. */
export function hasFilters({ text, level, equipment, language, price }: Filters) {
  return Boolean(text || level || equipment || language || price);
}

/** Parameters of `GET /v1/plans`. @param after cursor */
export function queryOf({ text, level, equipment, language, price, order, trainer }: Filters, after: string | null): Record<string, string> {
  const query = { text, level, equipment, language, order, trainer, free: price && String(price === "free"), after: after ?? "", first: String(PAGE) };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}
