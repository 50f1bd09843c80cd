/**
 * State of the page: the current session and its summary.
 * @module
 */

import { createStore } from "./store.ts";
import type { Session } from "../api/client.ts";

interface SessionState {
  id: string | null;
  /** result of the query SESSION, once the session is completed */
  summary: Session | null;
}

/** The page's session store. */
export const useSessionStore = createStore({ id: null, summary: null } as SessionState);
