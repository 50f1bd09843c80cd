/**
 * Captions of a video by language: added from WebVTT files, replaced and removed.
 * @module
 */

import { Problem } from "../api/client.ts";
import { fileUnreadable } from "../api/problem.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import { languageName, LANGUAGES } from "../plans/keys.ts";
import { announce, byId, h, redraw } from "../ui/dom.ts";
import { onSubmit } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";

/** The list #captions and the form that adds some. */
export class Captions {
  #changes;

  /** @param changes send a change, and show the video after it */
  constructor(changes: {save: (language: string, text: string) => Promise<void>, remove: (language: string) => Promise<void>}) {
    this.#changes = changes;
    const list = byId<"select">("captions-language");
    list.append(...LANGUAGES.map((each) => new Option(languageName(each), each)).sort((a, b) => a.text.localeCompare(b.text)));
    list.value = LANGUAGE;
    onSubmit(byId<"form">("captions-form"), () => this.#add());
  }

  show(languages: readonly string[]) {
    const list = byId("captions");
    const rows = () => (languages.length ? languages.map((each) => this.#row(each)) : [h("li", { class: "muted" }, t("studio-no-captions"))]);
    redraw(list, () => list.replaceChildren(...rows()));
  }

  #row(language: string) {
    const name = languageName(language);
    const remove = async () => {
      await this.#changes.remove(language);
      announce(t("studio-captions-removed", { language: name }));
      byId("captions-title").focus();
    };
    const button = h("button", { class: "button quiet", type: "button", "aria-label": t("studio-captions-remove-of", { language: name }), onclick: () => void once(button, remove) }, t("studio-captions-remove"));
    return h("li", null, h("span", null, name), button);
  }

  async #add() {
    const file = byId<"input">("captions-file").files?.[0];
    if (!file) {
      byId("captions-file").focus();
      throw new Problem({ title: t("studio-captions-choose") });
    }
    const language = byId<"select">("captions-language").value;
    const text = await file.text().catch(() => {
      byId<"input">("captions-file").value = "";
      throw fileUnreadable();
    });
    await this.#changes.save(language, text);
    byId<"input">("captions-file").value = "";
    announce(t("studio-captions-added", { language: languageName(language) }));
  }
}
