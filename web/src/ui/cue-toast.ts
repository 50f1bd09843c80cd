/**
 * Toast element: the latest cue, large, beside the camera picture and for three seconds.
 * @module
 */

/** How long a cue is shown. */
export const SHOWN_MS = 3000;

/** `<cue-toast>`. It is hidden from screen readers: `<cue-dock>` tells them the same cue. */
export class CueToast extends HTMLElement {
  #timer = 0;

  /** ID of the fault that the shown cue corrects; null if there is none. */
  fault: string | null = null;

  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** Show a cue in place of the previous one. */
  show({ cue, fault = null, urgent = false }: {cue: string, fault?: string | null, urgent?: boolean}) {
    clearTimeout(this.#timer);
    this.fault = fault;
    this.textContent = cue;
    this.toggleAttribute("data-urgent", urgent);
    this.#timer = setTimeout(() => this.clear(), SHOWN_MS);
  }

  clear() {
    clearTimeout(this.#timer);
    this.fault = null;
    this.textContent = "";
    this.removeAttribute("data-urgent");
  }
}

customElements.define("cue-toast", CueToast);

declare global {
  interface HTMLElementTagNameMap { "cue-toast": CueToast }
}
