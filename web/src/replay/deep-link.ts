/**
 * Deep links: session, time, repetition and share link in the URL.
 * @module
 */

/** Delay before a new time is written to the URL. */
const SETTLED_MS = 300;

/** `at`: seconds */
type DeepLink = {session: string | null, at: number | null, repetition: number | null, share: string | null};

function number(text: string | null, least: number): number | null {
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= least ? value : null;
}

/** Parse the link; invalid parameters are ignored. */
export function parseLink(search: string): DeepLink {
  const parameters = new URLSearchParams(search);
  const repetition = number(parameters.get("rep"), 1);
  return {
    session: parameters.get("session") || null, at: number(parameters.get("t"), 0),
    repetition: Number.isInteger(repetition) ? repetition : null, share: parameters.get("share") || null,
  };
}

/** @returns query string with `?` */
export function formatLink({ session, at, repetition, share }: DeepLink): string {
  const parameters = new URLSearchParams();
  if (session) parameters.set("session", session);
  if (at !== null && at >= 0.05) parameters.set("t", at.toFixed(2));
  if (repetition !== null) parameters.set("rep", String(repetition));
  if (share) parameters.set("share", share);
  return `?${parameters}`;
}

/** Keeps the URL up to date, so that a reload or a shared link opens at the same time. */
export class UrlUpdater {
  #timer = 0;
  #address;

  /** @param address returns the URL of the current moment */
  constructor(address: () => string) {
    this.#address = address;
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
    history.replaceState(history.state, "", this.#address());
  }
}
