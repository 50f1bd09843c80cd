/**
 * Bounds of the sentences that pages speak by themselves. `make schema` generates this file from
 * `domain/coaching`, and the sentences in `web/locales`.
 * @module
 */

/** Largest number that the server's voice speaks; browsers speak larger ones. */
export const MOST_COUNTED = 100;
