/**
 * The Escape key in forms.
 * @module
 */

/** `keyCode` of every key that an input method handles. It is needed for Safari, where `isComposing` is already false when Escape ends a composition. */
const INPUT_METHOD = 229;

/** Call a function when Escape is pressed in an element, except when the key cancels a composition of an input method, as for Chinese or Japanese. */
export function onEscape(element: HTMLElement, act: () => void) {
  element.addEventListener("keydown", ({ key, isComposing, keyCode }) => {
    if (key === "Escape" && !isComposing && keyCode !== INPUT_METHOD) act();
  });
}
