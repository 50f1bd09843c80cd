/**
 * Minimal observable store.
 * @module
 */

/**
 * @template {object} T
 * @typedef {object} Store
 * @property {() => Readonly<T>} get
 * @property {(change: Partial<T>) => void} set merges the change; notifies listeners only if something changed
 * @property {(listener: (state: Readonly<T>, before: Readonly<T>) => void) => () => void} subscribe returns a function that unsubscribes
 */

/**
 * @template {object} T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  /** @type {Readonly<T>} */
  let state = Object.freeze({ ...initial });
  /** @type {Set<(state: Readonly<T>, before: Readonly<T>) => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    set(change) {
      const next = Object.freeze({ ...state, ...change });
      const names = /** @type {(keyof T)[]} */ (Object.keys(next));
      if (names.every((name) => Object.is(state[name], next[name]))) return;
      const before = state;
      state = next;
      for (const listener of [...listeners]) listener(state, before);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
