/**
 * One video of a trainer: preview, state, texts, audience, captions, a new version, and withdrawing or deleting it.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { openFilm } from "../content/film-source.js";
import { decimal, length, size } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { clearProblem } from "../ui/banner.js";
import { announce, byId, h } from "../ui/dom.js";
import { markField, onSubmit, showError } from "../ui/forms.js";
import { readAudience, showAudience } from "./audience.js";
import { Captions } from "./captions.js";
import { Followed } from "./followed.js";
import { isWorking, lacksAudience, progressBar, standing, stateMark } from "./states.js";

/** @typedef {import("../api/client.js").Schemas["ContentItem"]} Video */
/** @typedef {import("./upload-panel.js").UploadPanel} UploadPanel */

/** Bits per second in a megabit. */
const MEGABIT = 1e6;

/** The section #video, and the upload of a new version. */
export class VideoPage {
  #path;
  #contentId;
  #panel;
  /** @type {Video | null} */
  #video = null;
  /** Version in the preview. @type {number | null} */
  #previewed = null;
  /** @type {import("../content/film-source.js").FilmSource | null} */
  #source = null;
  #followed = new Followed((video) => this.#show(video));
  #captions = new Captions((path, body, method) => this.#change(method, path, body));

  /** @param {string} contentId @param {UploadPanel} panel */
  constructor(contentId, panel) {
    this.#contentId = contentId;
    this.#path = `/v1/content/${encodeURIComponent(contentId)}`;
    this.#panel = panel;
  }

  /** @throws {import("../api/client.js").Problem} */
  async open() {
    const video = await request(this.#path);
    byId("back").setAttribute("href", "/studio.html");
    byId("back").textContent = t("studio-back");
    byId("upload").hidden = true;
    byId("side").append(byId("upload"));
    byId("video-name").value = video.title;
    byId("video-description").value = video.description;
    await showAudience(video);
    this.#show(video);
    this.#followed.follow(video);
    byId("play").addEventListener("click", () => { this.#play().catch(showError); });
    onSubmit(byId("details"), () => this.#describe());
    onSubmit(byId("audience"), async () => { await this.#change("PUT", "/audience", readAudience()); announce(t("studio-saved")); });
    byId("studio").hidden = byId("video").hidden = false;
    byId("studio").classList.add("one-video");
  }

  /** Read the video again, because its upload has begun or is over. */
  async refresh() {
    await this.#read(null);
    byId("upload").hidden = !this.#panel.sends(this.#contentId);
  }

  /** @param {number | null} position */
  async #read(position) {
    const video = await request(this.#path, position === null ? {} : { headers: { "After-Position": String(position) } });
    this.#show(video);
    this.#followed.follow(video);
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  async #change(method, path, body) {
    const { position } = await send(method, `${this.#path}${path}`, body);
    await this.#read(position);
  }

  async #describe() {
    await this.#change("PUT", "", { title: byId("video-name").value.trim(), description: byId("video-description").value });
    markField(byId("video-name"), "");
    announce(t("studio-saved"));
  }

  /** @param {Video} video */
  #show(video) {
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
        fact("studio-version", String(video.number)), fact("studio-rates", rates.join(" · "))));
    byId("actions").replaceChildren(...this.#actions(video));
    this.#captions.show(video.captions);
    if (video.liveNumber !== this.#previewed && video.status !== "taken_down") this.#preview(video).catch(showError);
  }

  /** Whether the upload of the newest version was interrupted. @param {Video} video */
  #isStopped({ status }) {
    return status === "uploading" && !this.#panel.sends(this.#contentId);
  }

  /** @param {Video} video */
  #actions(video) {
    const { status, isPublished, liveNumber, contentId } = video;
    const button = (/** @type {string} */ text, /** @type {() => void} */ act) => h("button", { class: "button", type: "button", onclick: act }, t(text));
    const run = (/** @type {string} */ path, /** @type {string} */ said) => () => { clearProblem(); this.#change("POST", path).then(() => { announce(t(said)); byId("title").focus(); }, showError); };
    const isUnderway = isWorking(video) || status === "uploading";
    return [
      this.#isStopped(video) && button("studio-resume", () => { byId("upload").hidden = false; this.#panel.resume(video); }),
      this.#isStopped(video) && button("studio-cancel", run("/upload/cancel", "studio-cancelled")),
      isPublished && h("a", { class: "button", href: `/watch.html?${new URLSearchParams({ content: contentId })}` }, t("studio-watch")),
      isPublished && button("studio-unpublish", run("/unpublish", "studio-unpublished")),
      !isPublished && liveNumber !== null && status !== "taken_down" && button("studio-publish", run("/republish", "studio-live")),
      !isUnderway && status !== "taken_down" && button("studio-replace", () => this.#replace()),
      h("button", { class: "button danger", type: "button", onclick: () => this.#askToDelete() }, t("studio-delete")),
    ].filter(Boolean);
  }

  #replace() {
    if (!this.#video) return;
    this.#panel.replace(this.#video);
    byId("upload").hidden = false;
    byId("upload-title").focus();
  }

  #askToDelete() {
    const keep = h("button", { class: "button", type: "button", onclick: () => { if (this.#video) this.#show(this.#video); byId("title").focus(); } }, t("studio-keep"));
    byId("actions").replaceChildren(
      h("p", { class: "studio-question" }, t("studio-delete-question")), keep,
      h("button", { class: "button danger", type: "button", onclick: () => { this.#delete().catch(showError); } }, t("studio-delete-now")));
    keep.focus();
  }

  async #delete() {
    this.#followed.forget(this.#contentId);
    await send("DELETE", this.#path);
    location.assign("/studio.html");
  }

  /** Show the published version. @param {Video} video */
  async #preview({ liveNumber }) {
    this.#previewed = liveNumber;
    byId("stage").hidden = liveNumber === null;
    if (liveNumber === null) return;
    const { posterUrl } = await request(`${this.#path}/playback`);
    byId("film").hidden = true;
    byId("play").hidden = false;
    byId("poster").hidden = !posterUrl;
    byId("poster").src = posterUrl ?? "";
  }

  /** Play the published version; nothing of it is loaded before. */
  async #play() {
    const { hlsUrl } = await request(`${this.#path}/playback`);
    this.#source?.close();
    byId("play").hidden = true;
    byId("film").hidden = false;
    byId("film").focus();
    const onError = () => showError(new Problem({ title: t("studio-broken") }));
    this.#source = await openFilm(byId("film"), hlsUrl, { at: 0, onQuality: () => {}, onRefused: onError, onError });
    await byId("film").play().catch(() => {}); // the browser may ask for another click
  }
}

/** @param {string} label @param {string | number | null} value */
function fact(label, value) {
  return value ? h("div", null, h("dt", null, t(label)), h("dd", null, value)) : null;
}
