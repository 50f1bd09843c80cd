/**
 * Roving focus: a group of elements is one Tab stop; arrow keys move within it.
 * @module
 */

/** Maps a key to the next index. */
export type KeyMap = Record<string, (at: number, count: number) => number>;

/** Navigation along a row. */
export const ALONG: KeyMap = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * @param things in order
 * @param first index of the initial Tab stop
 */
export function rove(around: Element, things: (HTMLElement | SVGElement)[], first: number, keys: KeyMap) {
  const settle = (at: number) => things.forEach((thing, index) => thing.setAttribute("tabindex", index === at ? "0" : "-1"));
  settle(first);
  around.addEventListener("focusin", (event) => {
    const at = things.findIndex((thing) => thing === event.target);
    if (at >= 0) settle(at);
  });
  around.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    const at = things.findIndex((thing) => thing === event.target);
    if (at < 0 || !Object.hasOwn(keys, event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = keys[event.key](at, things.length);
    things[Math.min(Math.max(to, 0), things.length - 1)].focus();
  });
}
