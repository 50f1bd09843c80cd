/**
 * Full-screen button of the stage, where the browser has full screen.
 * @module
 */

import { icon } from "./dom.ts";
import { t } from "../i18n/l10n.ts";

/** @param button shows the whole page in full screen, and ends it */
export function connectFullScreen(button: HTMLButtonElement) {
  const show = () => {
    const isFull = document.fullscreenElement !== null;
    button.setAttribute("aria-label", t(isFull ? "leave-full-screen" : "full-screen"));
    button.setAttribute("aria-pressed", String(isFull));
  };
  button.hidden = !document.fullscreenEnabled;
  button.replaceChildren(icon("full"));
  button.addEventListener("click", () => void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  document.addEventListener("fullscreenchange", show);
  show();
}
