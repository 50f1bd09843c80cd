/**
 * Shows only the newest of responses that overlap.
 * @module
 */

/**
 * Wrap a function that loads data and one that shows them. A response to an earlier call may arrive
 * after that to a later one, and is not shown then: it may be from before a change.
 */
export function latest<Arguments extends unknown[], Loaded>(load: (...given: Arguments) => Promise<Loaded>, show: (loaded: Loaded) => void) {
  let newest = 0;
  return async (...given: Arguments) => {
    const call = ++newest;
    const loaded = await load(...given);
    if (call === newest) show(loaded);
  };
}
