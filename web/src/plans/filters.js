/**
 * Filters of the plan browser: from and to the URL, and as parameters of the list.
 * @module
 */

/**
 * @typedef {object} Filters
 * @property {string} text part of the title
 * @property {string} level
 * @property {string} equipment
 * @property {string} language of the trainer
 * @property {string} price "free", "paid" or ""
 * @property {string} order
 * @property {string} trainer ID of a trainer
 */

/** Plans per page. */
const PAGE = 12;

/** Values of the filters that are not free. @type {Record<string, string[]>} */
const ALLOWED = { level: ["beginner", "intermediate", "advanced"], price: ["free", "paid"], order: ["published", "title", "weeks"] };

/** Names of the parameters, in the order of the URL. @type {(keyof Filters)[]} */
export const NAMES = ["text", "level", "equipment", "language", "price", "order", "trainer"];

/** Parse the filters; invalid parameters are ignored. @param {string} search `location.search` @returns {Filters} */
export function parseFilters(search) {
  const parameters = new URLSearchParams(search);
  const valid = NAMES.map((name) => {
    const value = parameters.get(name) ?? "";
    return [name, (ALLOWED[name]?.includes(value) ?? true) ? value : ""];
  });
  return Object.fromEntries(valid);
}

/** Serialize the filters; defaults are left out. @param {Filters} filters @returns {string} with its `?`, or "" */
export function formatSearch(filters) {
  const parameters = new URLSearchParams(NAMES.filter((name) => filters[name] && filters[name] !== "published").map((name) => [name, filters[name]]));
  return parameters.size ? `?${parameters}` : "";
}

/** Whether the filters exclude any plan; the trainer is a page of its own. @param {Filters} filters */
export function hasFilters({ text, level, equipment, language, price }) {
  return Boolean(text || level || equipment || language || price);
}

/** Parameters of `GET /v1/plans`. @param {Filters} filters @param {string | null} after cursor @returns {Record<string, string>} */
export function queryOf({ text, level, equipment, language, price, order, trainer }, after) {
  const query = { text, level, equipment, language, order, trainer, free: price && String(price === "free"), after: after ?? "", first: String(PAGE) };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}
