/**
 * Question which exercise a video shows, asked if the recognition is not sure.
 * @module
 */

import { announce, h } from "../ui/dom.js";
import { words } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";

/**
 * @param {HTMLElement} place
 * @param {{alternatives: string[], names: Map<string, string>, onChoose: (id: string) => void, onOther: () => void}} question `alternatives`: ids, most likely first
 */
export function askExercise(place, { alternatives, names, onChoose, onOther }) {
  const answer = (/** @type {() => void} */ act) => () => { place.hidden = true; act(); };
  place.replaceChildren(
    h("h2", { id: "question-title" }, t("home-which-exercise")),
    h("p", null, t("home-not-sure")),
    h("div", { class: "choices" },
      alternatives.map((id) => h("button", { class: "button primary", type: "button", onclick: answer(() => onChoose(id)) }, names.get(id) ?? words(id))),
      h("button", { class: "button", type: "button", onclick: answer(onOther) }, t("home-other-exercise"))));
  place.hidden = false;
  place.focus();
  announce(t("home-which-exercise"));
}
