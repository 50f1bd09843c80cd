/**
 * Draft of captions by speech recognition: requested, followed, edited by its trainer, and saved as captions.
 * @module
 */

import { Problem, request, send, type Schemas } from "../api/client.ts";
import { clock, percent } from "../i18n/format.ts";
import { LANGUAGE, t, textOr } from "../i18n/l10n.ts";
import { languageName } from "../plans/keys.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, h, icon } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { onSubmit, showError } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";
import { isUnsaved, replaceWork, saveWork, workIsSaved, workIsUnsaved } from "../ui/unsaved-work.ts";
import { Polling } from "./polling.ts";
import { parseCues, toWebvtt, type Cue } from "./webvtt.ts";

type Draft = Schemas["CaptionDraft"];
type Video = {save: (language: string, text: string) => Promise<void>, seek: (timeMs: number) => Promise<void>};

/** Languages in which the server drafts captions. */
const SPOKEN = ["en", "es", "ru"];

/** Pause before a draft that is underway is read again. */
const REFRESH_MS = 2000;

/** The section #draft. */
export class CaptionDraft {
  #path;
  #video;
  #number: number | null = null;
  #draft: Draft | null = null;
  #cues: Cue[] = [];
  #polling = new Polling(() => this.#read(), REFRESH_MS);

  /** @param path of the video */
  constructor(path: `/v1/content/${string}`, video: Video) {
    this.#path = `${path}/captions/draft` as const;
    this.#video = video;
    for (const id of ["draft-language", "draft-save-language"]) {
      const list = byId<"select">(id);
      list.append(...SPOKEN.map((each) => new Option(languageName(each), each)));
      list.value = SPOKEN.includes(LANGUAGE) ? LANGUAGE : "en";
    }
    onSubmit(byId<"form">("draft-form"), () => this.#request());
    const editor = byId<"form">("draft-editor");
    onSubmit(editor, () => saveWork(editor, () => this.#save()));
    editor.addEventListener("input", () => workIsUnsaved(editor));
    byId("draft-discard").addEventListener("click", () => this.#ask(true));
    byId("draft-keep").addEventListener("click", () => this.#ask(false));
    onEscape(byId("draft-question"), () => this.#ask(false));
    byId("draft-discard-now").addEventListener("click", () => void once(byId("draft-discard-now"), () => this.#discard()));
    byId("draft-close").addEventListener("click", () => replaceWork(editor, () => { this.#close(); byId("draft-title").focus(); }));
  }

  /** Show the draft of the version that is published; null hides it. */
  async show(number: number | null) {
    if (number === this.#number) return;
    this.#polling.stop();
    this.#number = number;
    this.#draft = null;
    this.#close();
    byId("draft").hidden = number === null;
    if (number !== null) await this.#read();
  }

  async #request() {
    await send("POST", this.#path, { language: byId<"select">("draft-language").value });
    this.#close();
    await this.#read();
    byId("draft-title").focus();
    announce(t("studio-draft-requested"));
  }

  async #read() {
    this.#polling.stop();
    const number = this.#number;
    const wasUnderway = this.#draft?.status === "underway";
    const draft: Draft | null = await request(this.#path).catch((error) => {
      if (error instanceof Problem && error.code === "content.caption_draft_unknown") return null;
      throw error;
    });
    if (number !== this.#number) return;
    if (draft && !this.#draft) byId<"select">("draft-language").value = draft.language;
    this.#draft = draft;
    this.#render();
    if (draft?.status === "underway") this.#polling.start();
    else if (draft && wasUnderway) this.#finish(draft);
  }

  #finish({ status }: Draft) {
    clearProblem();
    if (status === "complete") this.#edit();
    announce(t(status === "complete" ? "studio-draft-ready" : "studio-draft-failed"));
  }

  #render() {
    const isUnderway = this.#draft?.status === "underway";
    byId("draft-form").hidden = isUnderway || !byId("draft-editor").hidden;
    byId("draft-actions").hidden = !this.#draft;
    byId("draft-state").replaceChildren(...this.#state());
  }

  #state(): HTMLElement[] {
    const draft = this.#draft;
    if (!draft) return [];
    const language = languageName(draft.language);
    if (draft.status === "underway") {
      const words = t("studio-draft-underway", { language, share: percent(draft.progress) });
      return [h("p", null, words), h("progress", { value: draft.progress, max: 1, "aria-label": t("studio-draft-progress") })];
    }
    if (draft.status === "failed") return [h("p", { class: "studio-draft-failed" }, textOr(`studio-draft-problem-${draft.problem?.replaceAll("_", "-")}`, draft.problemDetail ?? ""))];
    const edit = h("button", { class: "button", type: "button", onclick: () => { this.#edit(); byId("draft-cues").querySelector("textarea")?.focus(); } }, t("studio-draft-edit"));
    return [h("div", { class: "studio-draft-ready" }, h("span", null, t("studio-draft-complete", { language })), byId("draft-editor").hidden ? edit : null)];
  }

  /** Show the question before the draft is discarded. */
  #ask(isAsking: boolean) {
    byId("draft-question").hidden = !isAsking;
    byId("draft-discard").hidden = isAsking;
    byId(isAsking ? "draft-keep" : "draft-discard").focus();
  }

  async #discard() {
    await send("DELETE", this.#path);
    this.#close();
    await this.#read();
    byId("draft-title").focus();
    announce(t("studio-draft-discarded"));
  }

  #edit() {
    const { text, language } = this.#draft ?? {};
    this.#cues = parseCues(text ?? "");
    byId<"select">("draft-save-language").value = language ?? "en";
    byId("draft-cues").replaceChildren(...this.#cues.map((cue) => this.#row(cue)));
    byId("draft-editor").hidden = false;
    this.#render();
  }

  #row(cue: Cue) {
    const [start, end] = [cue.startMs, cue.endMs].map((each) => clock(each / 1000, 1));
    const input = h("textarea", { rows: Math.max(2, cue.text.split("\n").length), "aria-label": t("studio-draft-text-of", { start, end }), spellcheck: "true", lang: this.#draft?.language, dir: "auto" });
    input.value = cue.text;
    input.addEventListener("input", () => { cue.text = input.value; });
    const seek = () => { clearProblem(); this.#video.seek(cue.startMs).catch(showError); };
    return h("li", null, h("button", { class: "button quiet", type: "button", "aria-label": t("studio-draft-show-at", { start, end }), onclick: seek }, icon("play"), `${start} – ${end}`), input);
  }

  async #save() {
    const language = byId<"select">("draft-save-language").value;
    await this.#video.save(language, toWebvtt(this.#cues));
    announce(t("studio-captions-added", { language: languageName(language) }));
    if (isUnsaved(byId("draft-editor"))) return; // it was changed while it was being saved
    this.#close();
    byId("captions-title").focus();
  }

  #close() {
    byId("draft-question").hidden = true;
    byId("draft-discard").hidden = false;
    workIsSaved(byId("draft-editor"));
    byId("draft-editor").hidden = true;
    byId("draft-cues").replaceChildren();
    this.#render();
  }
}
