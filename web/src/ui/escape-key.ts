/**
 * The Escape key in forms.
 * @module
 */

/** Key code of each key that an input method handles. Safari ends the composition before the key, so `isComposing` is false there. */
const INPUT_METHOD = 229;

/** Call back when Escape is pressed in an element, unless the key belongs to an input method, as for Chinese or Japanese. */
export function onEscape(element: HTMLElement, act: () => void) {
  element.addEventListener("keydown", ({ key, isComposing, keyCode }) => {
    if (key === "Escape" && !isComposing && keyCode !== INPUT_METHOD) act();
  });
}
