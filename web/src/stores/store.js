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
  let state = Object.freeze({ ...initial });
  const listeners = new Set();
  return {
    get: () => state,
    set(change) {
      if (Object.entries(change).every(([name, value]) => Object.is(state[name], value))) return;
      const before = state;
      state = Object.freeze({ ...state, ...change });
      for (const listener of [...listeners]) listener(state, before);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
