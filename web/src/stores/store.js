/**
 * What a page knows, in one place, told to whoever wants to hear of it.
 * @module
 */

/**
 * @template {object} T
 * @typedef {object} Store
 * @property {() => Readonly<T>} get
 * @property {(change: Partial<T>) => void} set Merges; tells nobody where nothing changes.
 * @property {(listener: (state: Readonly<T>, before: Readonly<T>) => void) => () => void} subscribe Gives what ends it.
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
