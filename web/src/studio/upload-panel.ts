/**
 * Form of an upload and its progress: check, checksum, transfer with pause, and going on with one that was interrupted.
 * @module
 */

import { Problem, send, stayOnPage, type Schemas } from "../api/client.ts";
import { FILE_UNREADABLE } from "../api/problem.ts";
import { RetryKey } from "../api/retry-key.ts";
import { percent, size } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId } from "../ui/dom.ts";
import { markField, onSubmit, showError } from "../ui/forms.ts";
import { askBeforeLeaving } from "../ui/leave-guard.ts";
import { workIsUnsaved } from "../ui/unsaved-work.ts";
import { checksum } from "./checksum.ts";
import { Transfer, uploadProgress } from "./transfer.ts";
import { lockUpload } from "./upload-lock.ts";
import { loadUsage, mediaType, problemOf, titleOf, type Usage } from "./upload-check.ts";
import { clearTexts, typedTexts } from "./upload-texts.ts";

type Video = Schemas["ContentItem"];

/** Texts of the states of a transfer. */
const STEPS = { sending: "studio-sending", waiting: "studio-waiting", paused: "studio-paused" };

/** The section #upload. */
export class UploadPanel {
  #file: File | null = null;
  #usage: Usage | null = null;
  /** The video whose upload goes on with the file that is chosen next. */
  #resumed: Video | null = null;
  /** The video that gets a new version. */
  #replaced: Video | null = null;
  /** Key of the next request: sending it twice begins one upload. */
  #key = new RetryKey();
  #transfer: Transfer | null = null;
  #hashing = new AbortController();
  #contentId = "";
  #onBegun;
  #onOver;

  /** @param wiring what is called when an upload has begun, and when it is complete or cancelled */
  constructor({ onBegun, onOver }: {onBegun: (contentId: string) => void, onOver: (contentId: string) => void}) {
    this.#onBegun = onBegun;
    this.#onOver = onOver;
    byId("file").addEventListener("change", () => this.#choose(byId<"input">("file").files?.[0] ?? null));
    byId("upload-pause").addEventListener("click", () => this.#pause());
    byId("upload-new").addEventListener("click", () => { this.#rest(); byId("upload-title").focus(); });
    byId("upload-cancel").addEventListener("click", () => { this.#cancel().catch(showError); });
    onSubmit(byId<"form">("upload-form"), () => this.#send());
    byId("upload-texts").addEventListener("input", () => workIsUnsaved(byId("upload-form")));
    const drop = byId("drop");
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("drag-over"); });
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("drag-over"));
    drop.addEventListener("drop", (event) => { event.preventDefault(); this.#choose(event.dataTransfer?.files[0] ?? null); });
  }

  /** Whether this page sends a file. */
  get isSending() { return this.#transfer !== null; }

  /** Whether this page sends the file of a video. */
  sends(contentId: string) {
    return this.isSending && this.#contentId === contentId;
  }

  /** Show the use of the quota. @throws {Problem} */
  async showUsage(): Promise<void> {
    const usage = (this.#usage = await loadUsage());
    byId("usage-text").textContent = t("studio-usage", { used: size(usage.usedBytes), limit: size(usage.limitBytes) });
    byId("usage-bar").style.width = percent(Math.min(1, usage.usedBytes / usage.limitBytes)).replace(" ", "");
    if (!this.#file) byId("file-hint").textContent = t("studio-file-hint", { most: size(Math.min(usage.maxFileBytes, usage.limitBytes)) });
  }

  /** Take a new version of a video instead of a new one. */
  replace(video: Video) {
    if (this.#refuses()) return;
    this.#replaced = video;
    this.#showForm("studio-replace-title", { title: video.title });
  }

  /** Ask for the file of an upload that was interrupted. */
  resume(video: Video) {
    if (this.#refuses()) return;
    this.#resumed = video;
    this.#showForm("studio-resume-title", { title: video.title });
    byId("upload").scrollIntoView({ block: "nearest" });
    byId("upload-title").focus();
    byId("file").click();
  }

  /** Whether another file has to wait, because one is being read or sent; says so. */
  #refuses() {
    const isBusy = !byId("upload-progress").hidden;
    if (isBusy) showError(new Problem({ title: t("studio-busy"), detail: t("studio-busy-advice"), status: 409 }));
    return isBusy;
  }

  /** The video that gets the next file; null for a new one. */
  get #existing() {
    return this.#resumed ?? this.#replaced;
  }

  #showForm(heading: string, variables?: Record<string, string>) {
    const isNew = !this.#existing;
    byId("upload-title").textContent = t(heading, variables);
    byId("upload-texts").hidden = !isNew;
    for (const field of byId("upload-texts").querySelectorAll("input")) field.disabled = !isNew;
    byId("upload-new").hidden = isNew;
    byId("upload-form").querySelector("[type=submit]")?.replaceChildren(t(this.#resumed ? "studio-resume" : "studio-upload"));
    byId("upload-form").hidden = false;
    byId("upload-progress").hidden = true;
    this.#choose(null);
  }

  /** Show the form for a new video. */
  #rest() {
    askBeforeLeaving(false, this);
    this.#transfer = this.#resumed = this.#replaced = null;
    this.#key = new RetryKey();
    this.#showForm("studio-upload-title");
  }

  #choose(file: File | null) {
    clearProblem();
    const problem = file && (this.#resumed ? otherFile(file, this.#resumed) : this.#usage && problemOf(file, this.#usage));
    if (problem) showError(problem);
    this.#file = problem ? null : file;
    byId("drop").classList.toggle("chosen", this.#file !== null);
    byId("file-name").textContent = this.#file?.name ?? t(this.#resumed ? "studio-choose-again" : "studio-choose");
    if (!this.#file) byId<"input">("file").value = "";
    else {
      byId("file-hint").textContent = size(this.#file.size);
      if (!this.#existing && !byId<"input">("upload-name").value) byId<"input">("upload-name").value = titleOf(this.#file);
      markField(byId<"input">("upload-name"), "");
    }
  }

  async #send() {
    const file = this.#file;
    if (!file) {
      byId("file").focus();
      throw new Problem({ title: t("studio-no-file") });
    }
    stayOnPage();
    askBeforeLeaving(true, this);
    byId("upload-form").hidden = true;
    byId("upload-progress").hidden = false;
    byId("upload-pause").hidden = true;
    this.#hashing = new AbortController();
    this.#step(t("studio-hashing"), 0, file.name);
    byId("upload-step").focus();
    try {
      const contentId = await this.#begin(file, await checksum(file, (share) => this.#step(t("studio-hashing"), share, file.name), this.#hashing.signal));
      await this.#transferTo(contentId, file);
    } catch (error) {
      askBeforeLeaving(false, this);
      byId("upload-form").hidden = false;
      byId("upload-progress").hidden = true;
      if (this.#transfer) this.#end(); // the list offers to go on with it
      else if (error instanceof Problem && error.code === FILE_UNREADABLE) this.#choose(null);
      if (!(error instanceof DOMException && error.name === "AbortError")) showError(error); // else it was cancelled
    }
  }

  /** Begin an upload, or check that the file is that of the one that goes on. @returns the ID of the video */
  async #begin(file: File, sha256: string): Promise<string> {
    if (this.#resumed) {
      const { contentId } = this.#resumed;
      const declared = await uploadProgress(contentId);
      if (declared && declared.sha256 !== sha256) throw new Problem({ title: t("studio-other-file"), detail: t("studio-other-file-advice") });
      return contentId;
    }
    const declared = { mediaType: mediaType(file), bytes: file.size, sha256 };
    const texts = typedTexts();
    const headers = this.#key.headers({ ...declared, ...(this.#replaced ? { replaced: this.#replaced.contentId } : texts) });
    const { contentId } = this.#replaced
      ? await send("POST", `/v1/content/${encodeURIComponent(this.#replaced.contentId)}/replace`, declared, headers)
      : await send("POST", "/v1/content", { ...declared, ...texts }, headers);
    if (this.#hashing.signal.aborted) {
      this.#key = new RetryKey(); // the same file can be uploaded again
      await send("POST", `/v1/content/${encodeURIComponent(contentId)}/upload/cancel`);
    }
    this.#hashing.signal.throwIfAborted();
    return contentId;
  }

  async #transferTo(contentId: string, file: File) {
    this.#contentId = contentId;
    const transfer = (this.#transfer = new Transfer(contentId, file, (state, sent) => {
      this.#step(t(STEPS[state]), sent / file.size, t("studio-size-of", { sent: size(sent), size: size(file.size) }));
    }));
    byId("upload-pause").hidden = false;
    byId("upload-pause").textContent = t("studio-pause");
    const unlock = lockUpload(contentId);
    this.#onBegun(contentId);
    if (!await transfer.run().finally(unlock)) return;
    clearTexts(this.#existing);
    this.#end();
    announce(t("studio-arrived"));
  }

  /** Show the form again, and the result of the upload. */
  #end() {
    this.#rest();
    this.#onOver(this.#contentId);
  }

  #pause() {
    const transfer = this.#transfer;
    if (!transfer) return;
    if (transfer.isPaused) transfer.resume();
    else transfer.pause();
    byId("upload-pause").textContent = t(transfer.isPaused ? "studio-resume" : "studio-pause");
  }

  /** Cancel what is going on; the server removes what arrived. */
  async #cancel() {
    this.#hashing.abort();
    if (!this.#transfer) return;
    this.#transfer.cancel();
    try {
      await send("POST", `/v1/content/${encodeURIComponent(this.#contentId)}/upload/cancel`);
    } catch (error) {
      this.#end(); // nothing is sent any more: the list offers to go on with it, or to cancel it again
      byId("upload-title").focus();
      throw error;
    }
    this.#end();
    byId("title").focus();
    announce(t("studio-cancelled"));
  }

  /** @param share 0..1 */
  #step(step: string, share: number, detail: string) {
    const words = t("studio-step", { step, share: percent(Math.floor(share * 100) / 100) });
    if (byId("upload-step").dataset.step !== step) announce(step);
    byId("upload-step").dataset.step = step;
    byId("upload-step").textContent = words;
    byId("upload-detail").textContent = detail;
    byId<"progress">("upload-bar").value = share;
  }
}

/** Why a file cannot be the one whose upload goes on, or null. */
function otherFile(file: File, { bytes }: Video) {
  if (file.size === bytes) return null;
  return new Problem({ title: t("studio-other-file"), detail: t("studio-other-file-advice") });
}
