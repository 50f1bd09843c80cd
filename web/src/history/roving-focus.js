/**
 * Many things that are one stop for the Tab key; arrows go from one to the next.
 * @module
 */

/** Where a key leads from a place among so many. @typedef {Record<string, (at: number, count: number) => number>} Ways */

/** Along a row. @type {Ways} */
export const ALONG = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * @param {Element} around
 * @param {any[]} things in order
 * @param {number} first which of them Tab comes to at first
 * @param {Ways} ways
 */
export function rove(around, things, first, ways) {
  const settle = (/** @type {number} */ at) => things.forEach((thing, index) => thing.setAttribute("tabindex", index === at ? "0" : "-1"));
  settle(first);
  around.addEventListener("focusin", (event) => {
    const at = things.indexOf(event.target);
    if (at >= 0) settle(at);
  });
  around.addEventListener("keydown", (/** @type {any} */ event) => {
    const at = things.indexOf(event.target);
    if (at < 0 || !Object.hasOwn(ways, event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = ways[event.key](at, things.length);
    things[Math.min(Math.max(to, 0), things.length - 1)].focus();
  });
}
