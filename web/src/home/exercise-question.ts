/**
 * Question which exercise a video shows, asked if the recognition is not sure.
 * @module
 */

import { announce, h } from "../ui/dom.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";

/** @param question `alternatives`: ids, most likely first */
export function askExercise(place: HTMLElement, { alternatives, names, onChoose, onOther }: {alternatives: string[], names: Map<string, string>, onChoose: (id: string) => void, onOther: () => void}) {
  const answer = (act: () => void) => () => { place.hidden = true; act(); };
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
