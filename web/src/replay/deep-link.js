/**
 * The address of a moment: which session, when, which repetition, by which share link.
 * @module
 */

/** So long nothing has moved before the address says where. */
const SETTLED_MS = 300;

/** @typedef {{session: string | null, at: number | null, repetition: number | null, share: string | null}} Wish `at`: seconds. */

/** @param {string | null} text @param {number} least @returns {number | null} */
function number(text, least) {
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= least ? value : null;
}

/** What an address wishes; nonsense in it wishes nothing. @param {string} search @returns {Wish} */
export function wishOf(search) {
  const asked = new URLSearchParams(search);
  const repetition = number(asked.get("rep"), 1);
  return {
    session: asked.get("session") || null, at: number(asked.get("t"), 0),
    repetition: Number.isInteger(repetition) ? repetition : null, share: asked.get("share") || null,
  };
}

/** @param {Wish} wish @returns {string} the query of the page, with its question mark */
export function searchOf({ session, at, repetition, share }) {
  const asked = new URLSearchParams();
  if (session) asked.set("session", session);
  if (at !== null && at >= 0.05) asked.set("t", at.toFixed(2));
  if (repetition !== null) asked.set("rep", String(repetition));
  if (share) asked.set("share", share);
  return `?${asked}`;
}

/** Keeps the page's address up to date, so that a page that is reloaded or shared stands where it stood. */
export class AddressKeeper {
  #timer = 0;
  #wish;
  #place;

  /** @param {Wish} wish what the page was opened with @param {() => {at: number, repetition: number | null}} place where it stands */
  constructor(wish, place) {
    this.#wish = wish;
    this.#place = place;
  }

  /** It has moved; once it stands still that is written. */
  moved() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), SETTLED_MS);
  }

  /** It moves on. */
  moves() {
    clearTimeout(this.#timer);
  }

  write() {
    clearTimeout(this.#timer);
    history.replaceState(history.state, "", location.pathname + searchOf({ ...this.#wish, ...this.#place() }));
  }
}
