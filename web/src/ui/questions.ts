/**
 * Buttons that ask before they act, and actions that run once at a time.
 * @module
 */

import { clearProblem } from "./banner.ts";
import { focusResult, h, type Child } from "./dom.ts";
import { onEscape } from "./escape-key.ts";
import { showError } from "./forms.ts";
import { actOnce } from "./repeated-press.ts";

/** Run an action once: a second press while it runs does nothing, nor does the second click of a double click afterwards. */
export async function once(button: HTMLElement, act: () => Promise<void>, refused: (error: unknown) => void = showError) {
  actOnce(button);
  if (button.getAttribute("aria-disabled") === "true") return;
  clearProblem();
  button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
  try {
    await act();
  } catch (error) {
    refused(error);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** Let a button load the next rows of a list; the first of them gets the focus. */
export function loadMoreBy(button: HTMLElement, list: HTMLElement, load: () => Promise<void>) {
  button.addEventListener("click", () => void once(button, async () => {
    const before = list.children.length;
    await load();
    focusResult(list.children[before] as HTMLElement | undefined);
  }));
}

/**
 * A button that shows a question in its place, and comes back with `no` or Escape.
 * @param content of the question
 */
export function asking(label: Child, content: (no: HTMLButtonElement) => (string | Node)[], noLabel: string) {
  const ask = h("button", { class: "button", type: "button" }, label);
  const no = h("button", { class: "button", type: "button" }, noLabel);
  const box = h("div", { class: "inline-question" }, ask);
  ask.addEventListener("click", () => {
    box.replaceChildren(...content(no));
    (box.querySelector("input") ?? no).focus();
  });
  const back = () => { box.replaceChildren(ask); ask.focus(); };
  no.addEventListener("click", back);
  onEscape(box, () => { if (!ask.isConnected) back(); });
  return box;
}

/** A button that acts after one question. */
export function confirming({ label, question, yes, no, isDanger = false }: {label: Child, question: string, yes: string, no: string, isDanger?: boolean}, act: () => Promise<void>) {
  const button = h("button", { class: isDanger ? "button danger" : "button primary", type: "button", onclick: () => void once(button, act) }, yes);
  return asking(label, (back) => [h("p", null, question), h("div", { class: "choices" }, button, back)], no);
}
