/**
 * State of the page: the current session and its summary.
 * @module
 */

import { createStore } from "./store.js";

/**
 * @typedef {object} SessionState
 * @property {string | null} id
 * @property {any} summary result of the query SESSION, once the session is completed
 */

/** The page's session store. */
export const useSessionStore = createStore(/** @type {SessionState} */ ({ id: null, summary: null }));
