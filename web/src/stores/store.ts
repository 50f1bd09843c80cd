/**
 * Minimal observable store.
 * @module
 */

interface Store<T extends object> {
  get: () => Readonly<T>;
  /** merges the change; notifies listeners only if something changed */
  set: (change: Partial<T>) => void;
  /** returns a function that unsubscribes */
  subscribe: (listener: (state: Readonly<T>, before: Readonly<T>) => void) => () => void;
}

export function createStore<T extends object>(initial: T): Store<T> {
  let state: Readonly<T> = Object.freeze({ ...initial });
  const listeners: Set<(state: Readonly<T>, before: Readonly<T>) => void> = new Set();
  return {
    get: () => state,
    set(change) {
      const next = Object.freeze({ ...state, ...change });
      const names = Object.keys(next) as (keyof T)[];
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
