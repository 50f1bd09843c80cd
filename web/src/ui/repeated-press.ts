/**
 * Repeated presses that users do not mean: the second click of a double click, and the repeats of a held Enter key.
 * The server may answer between the two, so that another button is under the pointer, or the same one would act again.
 * @module
 */

/** Buttons that act once for a double click, beside those that submit a form. */
const acting: WeakSet<Element> = new WeakSet();

/** The button or link that the first click pressed. */
let pressed: Element | null = null;

/** Let a button act once for a double click, also if its action is complete by the second click. */
export function actOnce(button: Element) {
  acting.add(button);
}

const submits = (control: Element) => control instanceof HTMLButtonElement && control.type === "submit";

/** Buttons such as those of a player may be clicked in a row, but a double click never presses two buttons. */
function ignoreSecondClick(event: MouseEvent) {
  const control = event.target instanceof Element ? event.target.closest("button, a[href], summary") : null;
  if (event.detail === 1) pressed = control;
  if (event.detail <= 1 || !control) return;
  if (control === pressed && !submits(control) && !acting.has(control)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function ignoreHeldEnter(event: KeyboardEvent) {
  if (event.key === "Enter" && event.repeat && !(event.target instanceof HTMLTextAreaElement)) event.preventDefault();
}

globalThis.addEventListener?.("click", ignoreSecondClick, true);
globalThis.addEventListener?.("keydown", ignoreHeldEnter, true);
