/**
 * Leaving a plan.
 * @module
 */

import { announce, h, uniqueKey } from "../ui/dom.ts";
import { once } from "../ui/questions.ts";
import { leave } from "./plan-api.ts";
import { texts } from "./texts.ts";

/** The button to leave, which asks first. @param showLeft shows the page as of the position that was written */
export function leaving(enrollmentId: string, showLeft: (position: number) => Promise<void> | void): HTMLElement {
  const box = h("div", { class: "leaving" });
  const ask = h("button", { class: "button quiet", type: "button" }, texts.leave);
  const yes = h("button", { class: "button danger", type: "button" }, texts.leave);
  const no = h("button", { class: "button", type: "button" }, texts.stay);
  const key = uniqueKey();
  ask.addEventListener("click", () => { box.replaceChildren(h("p", null, texts.leaveQuestion), h("div", { class: "choices" }, yes, no)); no.focus(); });
  no.addEventListener("click", () => { box.replaceChildren(ask); ask.focus(); });
  yes.addEventListener("click", () => void once(yes, async () => {
    const { position } = await leave(enrollmentId, key);
    await showLeft(position);
    announce(texts.left);
  }));
  box.append(ask);
  return box;
}
