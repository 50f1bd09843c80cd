/**
 * One video of a trainer: preview, state, texts, audience, captions, a new version, and withdrawing or deleting it.
 * @module
 */

import { Problem, request, send, type Schemas } from "../api/client.ts";
import type { BodyOf } from "../api/operations.ts";
import { decimal, length, number, size } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { showNotice } from "../ui/banner.ts";
import { announce, byId, h, isPresent, redraw } from "../ui/dom.ts";
import { markField, onSubmit, showError } from "../ui/forms.ts";
import { confirming, once } from "../ui/questions.ts";
import { saveWork, watchWork, workIsSaved } from "../ui/unsaved-work.ts";
import { readAudience, showAudience } from "./audience.ts";
import { CaptionDraft } from "./caption-draft.ts";
import { Captions } from "./captions.ts";
import { Followed } from "./followed.ts";
import { LessonPanel } from "./lesson-panel.ts";
import { drawPose } from "./pose-overlay.ts";
import { Preview } from "./preview.ts";
import { isTakenDown, isWorking, lacksAudience, progressBar, standing, stateMark } from "./states.ts";
import { RunningUploads } from "./upload-lock.ts";
import type { UploadPanel } from "./upload-panel.ts";

type Video = Schemas["ContentItem"];
type Changes = "" | "/audience" | "/captions" | "/captions/remove" | "/republish" | "/unpublish" | "/upload/cancel";
type VideoUrl<Change extends string> = `/v1/content/${string}${Change}`;

/** Bits per second in a megabit. */
const MEGABIT = 1e6;

/** The section #video, and the upload of a new version. */
export class VideoPage {
  #path;
  /** Revisions of what the trainer was shown: a change made elsewhere is not overwritten unseen. */
  #revision = 0;
  #captionsRevision = 0;
  #contentId;
  #panel;
  #video: Video | null = null;
  /** Numbers of viewers. */
  #views: Schemas["ContentViewCounts"] | null = null;
  #preview;
  #lesson;
  #draft;
  #followed = new Followed((video) => this.#show(video));
  #running = new RunningUploads((id) => { if (id === this.#contentId) this.#read(null).catch(showError); });
  #captions = new Captions({
    save: (language, text) => this.#saveCaptions(language, text),
    remove: (language) => this.#changeCaptions((revision) => this.#change("POST", "/captions/remove", { language, revision })),
  });

  /** The buttons that cancel its stopped upload and delete the video, or their questions. */
  #cancellation: HTMLElement | null = null;
  #deletion = confirming({ label: t("studio-delete"), question: t("studio-delete-question"), yes: t("studio-delete-now"), no: t("studio-keep"), isDanger: true }, () => this.#delete());

  constructor(contentId: string, panel: UploadPanel) {
    this.#contentId = contentId;
    this.#path = `/v1/content/${encodeURIComponent(contentId)}` as const;
    this.#panel = panel;
    byId("actions").append(this.#deletion);
    this.#preview = new Preview(this.#path);
    const seek = (timeMs: number) => this.#preview.seek(timeMs);
    this.#lesson = new LessonPanel(this.#path, { positionMs: () => Math.round(1000 * byId<"video">("preview").currentTime), seek, refresh: () => this.#read(null) });
    this.#draft = new CaptionDraft(this.#path, { save: (language, text) => this.#saveCaptions(language, text), seek });
  }

  /** @throws {Problem} */
  async open() {
    const [video, views] = await Promise.all([request(this.#path), request(`${this.#path}/views`), this.#running.refresh()]);
    this.#views = views;
    byId("back").setAttribute("href", "/studio.html");
    byId("back").textContent = t("studio-back");
    byId("upload").hidden = true;
    byId("side").append(byId("upload"));
    await this.#fill(video);
    this.#captionsRevision = video.captionsRevision;
    this.#show(video);
    this.#followed.follow(video);
    byId("play").addEventListener("click", () => { this.#preview.play().catch(showError); });
    for (const each of ["timeupdate", "seeked"]) byId("preview").addEventListener(each, () => this.#followVideo());
    byId("poses-shown").addEventListener("change", () => this.#followVideo());
    this.#drawPoses();
    const [details, audience] = [byId<"form">("details"), byId<"form">("audience")];
    onSubmit(details, () => saveWork(details, () => this.#describe()), (error) => this.#refuse(error));
    onSubmit(audience, () => saveWork(audience, () => this.#save("/audience", readAudience())), (error) => this.#refuse(error));
    watchWork(details);
    watchWork(audience);
    byId("studio").hidden = byId("video").hidden = false;
    byId("studio").classList.add("one-video");
  }

  /** Read the video again, because an upload has begun or is over. The upload of another video leaves a link to that one. */
  async refresh(uploadedId: string) {
    await this.#read(null);
    byId("upload").hidden = !this.#panel.isSending;
    if (this.#panel.isSending || uploadedId === this.#contentId) return;
    showNotice(t("studio-other-listed"), { href: `/studio.html?${new URLSearchParams({ content: uploadedId })}`, label: t("studio-open-other") });
    byId("notice").scrollIntoView({ block: "nearest" });
  }

  async #read(position: number | null) {
    await this.#running.refresh();
    const video = await request(this.#path, position === null ? {} : { headers: { "After-Position": String(position) } });
    this.#show(video);
    this.#followed.follow(video);
    return video;
  }

  async #change<Method extends "POST" | "PUT", Change extends Changes>(method: Method, change: Change, body?: BodyOf<Method, VideoUrl<Change>>) {
    const { position } = await send(method, `${this.#path}${change}`, body) as Schemas["ContentWritten"];
    return this.#read(position);
  }

  /** Show the texts and the audience in their forms. */
  async #fill(video: Video) {
    await showAudience(video);
    byId<"input">("video-name").value = video.title;
    byId<"textarea">("video-description").value = video.description;
    this.#revision = video.revision;
    for (const form of ["details", "audience"]) workIsSaved(byId(form));
  }

  async #describe() {
    await this.#save("", { title: byId<"input">("video-name").value.trim(), description: byId<"textarea">("video-description").value });
    markField(byId<"input">("video-name"), "");
  }

  /** Change the texts or the audience as they were shown. */
  async #save<Change extends "" | "/audience">(change: Change, body: BodyOf<"PUT", VideoUrl<Change>>) {
    const { revision } = await this.#change("PUT", change, { ...body, revision: this.#revision });
    this.#revision = Math.min(revision, this.#revision + 1); // a later change was made elsewhere
    announce(t("studio-saved"));
  }

  /** After a refusal the forms keep what was typed, beside a button that shows what is stored now. */
  #refuse(error: unknown) {
    if (!isChanged(error)) { showError(error); return; }
    const show = async () => { await this.#fill(await this.#read(null)); byId("video-name").focus(); };
    showError(error, { kept: t("typed-is-kept"), action: t("studio-show-current"), onAction: () => { show().catch(showError); } });
  }

  /** After a refusal the captions are shown as they are now, and can be changed again. */
  async #changeCaptions(change: (revision: number) => Promise<Video>) {
    try {
      const { captionsRevision } = await change(this.#captionsRevision);
      this.#captionsRevision = Math.min(captionsRevision, this.#captionsRevision + 1);
    } catch (error) {
      if (isChanged(error)) this.#captionsRevision = (await this.#read(null)).captionsRevision;
      throw error;
    }
  }

  #saveCaptions(language: string, text: string) {
    return this.#changeCaptions((revision) => this.#change("PUT", "/captions", { language, text, revision }));
  }

  #show(video: Video) {
    this.#video = video;
    byId("title").replaceChildren(h("bdi", null, video.title));
    document.title = `${video.title} · Kinelog`;
    byId("subtitle").textContent = standing(video);
    const rates = video.bitrates.map((each) => decimal(each / MEGABIT, 1));
    byId("state").replaceChildren(
      h("p", null, stateMark(video, this.#isStopped(video))), ...[progressBar(video)].filter((each) => each !== null),
      ...(lacksAudience(video) ? [h("p", null, t("studio-choose-audience"))] : []),
      h("dl", { class: "studio-facts" },
        fact("studio-length", video.durationMs && length(video.durationMs)), fact("studio-size", size(video.bytes)),
        fact("studio-version", String(video.number)), fact("studio-rates", rates.join(" · ")),
        ...(video.liveNumber === null ? [] : [fact("studio-viewers", number(this.#views?.viewers ?? 0)), fact("studio-completed", number(this.#views?.completed ?? 0))])));
    this.#showActions(video);
    this.#captions.show(video.captions);
    const { liveNumber, durationMs, title } = video;
    const isOffered = liveNumber !== null && !isTakenDown(video);
    if (!isTakenDown(video)) this.#preview.show(liveNumber).catch(showError);
    this.#draft.show(isOffered ? liveNumber : null).catch(showError);
    this.#lesson.show(isOffered ? { number: liveNumber, durationMs: durationMs ?? 0, title } : null).catch(showError);
  }

  /** Whether the upload of the newest version is not complete, and no page of this browser sends it. */
  #isStopped({ status }: Video) {
    return status === "uploading" && !this.#panel.sends(this.#contentId) && !this.#running.has(this.#contentId);
  }

  /** Show the actions of a video. Those that ask a question stay, with their questions. */
  #showActions(video: Video) {
    const part = byId("actions");
    redraw(part, () => {
      for (const each of [...part.children]) if (each !== this.#deletion) each.remove();
      part.prepend(...this.#actions(video));
    });
  }

  #actions(video: Video) {
    const { status, isPublished, liveNumber, contentId } = video;
    const button = (text: string, act: () => Promise<void>) => {
      const each = h("button", { class: "button", type: "button", onclick: () => void once(each, act) }, t(text));
      return each;
    };
    const act = async (change: "/unpublish" | "/republish" | "/upload/cancel", said: string) => { await this.#change("POST", change); announce(t(said)); byId("title").focus(); };
    this.#cancellation = this.#isStopped(video) ? this.#cancellation ?? confirming({ label: t("studio-cancel"), question: t("studio-cancel-question"), yes: t("studio-cancel-now"), no: t("studio-cancel-not"), isDanger: true }, () => act("/upload/cancel", "studio-cancelled")) : null;
    return [
      this.#isStopped(video) && button("studio-resume", async () => { byId("upload").hidden = false; this.#panel.resume(video); }),
      this.#cancellation,
      isPublished && h("a", { class: "button", href: `/watch.html?${new URLSearchParams({ content: contentId })}` }, t("studio-watch")),
      isPublished && button("studio-unpublish", () => act("/unpublish", "studio-unpublished")),
      !isPublished && liveNumber !== null && !isTakenDown(video) && button("studio-publish", () => act("/republish", "studio-live")),
      !isWorking(video) && status !== "uploading" && !isTakenDown(video) && button("studio-replace", async () => this.#replace()),
    ].filter(isPresent);
  }

  #replace() {
    if (!this.#video) return;
    this.#panel.replace(this.#video);
    byId("upload").hidden = false;
    byId("upload-title").focus();
  }

  async #delete() {
    this.#followed.forget(this.#contentId);
    await send("DELETE", this.#path);
    for (const form of ["details", "audience", "draft-editor"]) workIsSaved(byId(form));
    await this.#lesson.show(null); // closes a correction, too
    location.assign("/studio.html");
  }

  #followVideo() {
    this.#lesson.moment(byId<"video">("preview").currentTime);
    this.#drawPoses();
  }

  /** Draw the trainer's pose over the video. */
  #drawPoses() {
    const { track } = this.#lesson;
    const video = byId<"video">("preview");
    byId("poses").hidden = !byId<"input">("poses-shown").checked || video.hidden;
    if (byId("poses").hidden || !track) return;
    const timeS = video.currentTime;
    track.load(timeS, timeS).then(() => drawPose(byId<"canvas">("poses"), track.landmarksAt(timeS)), showError);
  }
}

function isChanged(error: unknown) {
  return error instanceof Problem && error.code === "content.changed";
}

function fact(label: string, value: string | number | null) {
  return value ? h("div", null, h("dt", null, t(label)), h("dd", null, value)) : null;
}
