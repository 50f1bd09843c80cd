/**
 * The session that is being written, and what it came to.
 * @module
 */

import { createStore } from "./store.js";

/**
 * @typedef {object} Known
 * @property {string | null} id
 * @property {any} summary Of the query SESSION, once it is completed.
 */

/** The page's only one. */
export const useSessionStore = createStore(/** @type {Known} */ ({ id: null, summary: null }));
