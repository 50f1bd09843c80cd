/**
 * Deep links: session, time, repetition and share link in the URL.
 * @module
 */

/** Delay before a new time is written to the URL. */
const SETTLED_MS = 300;

/** @typedef {{session: string | null, at: number | null, repetition: number | null, share: string | null}} Wish `at`: seconds */

/** @param {string | null} text @param {number} least @returns {number | null} */
function number(text, least) {
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= least ? value : null;
}

/** Parse the link; invalid parameters are ignored. @param {string} search @returns {Wish} */
export function wishOf(search) {
  const asked = new URLSearchParams(search);
  const repetition = number(asked.get("rep"), 1);
  return {
    session: asked.get("session") || null, at: number(asked.get("t"), 0),
    repetition: Number.isInteger(repetition) ? repetition : null, share: asked.get("share") || null,
  };
}

/** @param {Wish} wish @returns {string} query string with `?` */
export function searchOf({ session, at, repetition, share }) {
  const asked = new URLSearchParams();
  if (session) asked.set("session", session);
  if (at !== null && at >= 0.05) asked.set("t", at.toFixed(2));
  if (repetition !== null) asked.set("rep", String(repetition));
  if (share) asked.set("share", share);
  return `?${asked}`;
}

/** Keeps the URL up to date, so that a reload or a shared link opens at the same time. */
export class AddressKeeper {
  #timer = 0;
  #wish;
  #place;

  /** @param {Wish} wish parameters of the page @param {() => {at: number, repetition: number | null}} place returns the current time and repetition */
  constructor(wish, place) {
    this.#wish = wish;
    this.#place = place;
  }

  /** Write the URL once the time stops changing. */
  moved() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), SETTLED_MS);
  }

  /** Cancel a pending write. */
  moves() {
    clearTimeout(this.#timer);
  }

  write() {
    clearTimeout(this.#timer);
    history.replaceState(history.state, "", location.pathname + searchOf({ ...this.#wish, ...this.#place() }));
  }
}
