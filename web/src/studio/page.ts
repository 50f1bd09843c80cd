/**
 * Studio of a trainer: uploads with their states and the use of the quota, or with `?content=ID` one video.
 * @module
 */

import "../ui/site-header.ts";
import { request, send, type Schemas } from "../api/client.ts";
import { confirming, loadMoreBy } from "../ui/questions.ts";
import { length, moment, size } from "../i18n/format.ts";
import { addTextsOf, t } from "../i18n/l10n.ts";
import { byId, h, icon } from "../ui/dom.ts";
import { offerReload, showError } from "../ui/forms.ts";
import { Followed } from "./followed.ts";
import { isTakenDown, lacksAudience, progressBar, standing, stateMark } from "./states.ts";
import { RunningUploads } from "./upload-lock.ts";
import { UploadPanel } from "./upload-panel.ts";
import type { VideoPage } from "./video-page.ts";

await addTextsOf("studio");

type Video = Schemas["ContentItem"];

/** Videos of a page of the list. */
const PAGE = 20;

const contentId = new URLSearchParams(location.search).get("content");

/** Cursor of the next page. */
let next: string | null = null;

let videoPage: VideoPage | null = null;

const followed = new Followed(showRow);
const panel = new UploadPanel({
  onBegun: (id) => { void refresh(id).catch(showError); },
  onOver: (id) => { Promise.all([refresh(id), panel.showUsage()]).then(() => rowOf(id)?.scrollIntoView({ block: "nearest" })).catch(showError); },
});

const running = new RunningUploads((id) => { if (rowOf(id)) refresh(id).catch(showError); });

const addressOf = (video: Video) => `/studio.html?${new URLSearchParams({ content: video.contentId })}`;

/** The row of a video in the list. */
function rowOf(id: string): Element | null {
  return byId("list").querySelector(`[data-content="${CSS.escape(id)}"]`);
}

function row(video: Video) {
  const { title, durationMs, bytes, changedAt } = video;
  const facts = [durationMs ? length(durationMs) : size(bytes), standing(video)].filter(Boolean).join(" · ");
  const isStopped = video.status === "uploading" && !panel.sends(video.contentId) && !running.has(video.contentId);
  return h("li", { class: "studio-row-item", "data-content": video.contentId },
    h("span", { class: "studio-poster" }, icon("play")),
    h("div", { class: "studio-row-text" },
      h("h3", null, h("a", { href: addressOf(video) }, h("bdi", null, title))),
      h("p", { class: "muted" }, facts, " · ", moment(changedAt)),
      stateMark(video, isStopped),
      progressBar(video),
      lacksAudience(video) && h("div", { class: "choices" }, h("a", { class: "button", href: addressOf(video), "aria-label": t("studio-choose-viewers-of", { title }) }, t("studio-choose-viewers"))),
      isStopped && h("div", { class: "choices" },
        h("button", { class: "button", type: "button", "aria-label": t("studio-resume-of", { title }), onclick: () => panel.resume(video) }, t("studio-resume")),
        cancellation(video))));
}

/** The button that cancels an upload, after a question: another device may send the file. */
function cancellation(video: Video) {
  const button = confirming({ label: t("studio-cancel"), question: t("studio-cancel-question"), yes: t("studio-cancel-now"), no: t("studio-cancel-not"), isDanger: true }, () => cancel(video));
  button.querySelector("button")?.setAttribute("aria-label", t("studio-cancel-of", { title: video.title }));
  return button;
}

async function cancel({ contentId: id }: Video) {
  const { position } = await send("POST", `/v1/content/${encodeURIComponent(id)}/upload/cancel`);
  await refresh(id, position);
  await panel.showUsage();
  byId("list-title").focus();
}

/** Show a video in the list; a new one is the first. */
function showRow(video: Video) {
  const shown = rowOf(video.contentId);
  const now = row(video);
  const poster = shown?.querySelector(".studio-poster");
  if (!shown) byId("list").prepend(now);
  else {
    const focused = shown.contains(document.activeElement) ? document.activeElement : null;
    if (poster?.querySelector("img")) now.querySelector(".studio-poster")?.replaceWith(poster);
    shown.replaceWith(now);
    const controls = [...now.querySelectorAll<HTMLElement>("a, button")];
    if (focused) (controls.find(({ textContent }) => textContent === focused.textContent) ?? controls[0]).focus();
  }
  document.getElementById("empty")?.remove();
  if (!poster?.querySelector("img")) void showPoster(now, video);
}

async function showPoster(shown: HTMLElement, video: Video) {
  const { contentId: id, liveNumber } = video;
  if (liveNumber === null || isTakenDown(video)) return;
  const playback = await request(`/v1/content/${encodeURIComponent(id)}/playback`).catch(() => null); // without it, the row says enough
  if (playback?.posterUrl) shown.querySelector(".studio-poster")?.replaceChildren(h("img", { src: playback.posterUrl, alt: "", loading: "lazy" }));
}

/** Read a video again. @param position that a change has written */
async function refresh(id: string, position: number | null = null) {
  if (videoPage) return videoPage.refresh(id);
  await running.refresh();
  const video = await request(`/v1/content/${encodeURIComponent(id)}`, position === null ? {} : { headers: { "After-Position": String(position) } });
  showRow(video);
  followed.follow(video);
}

/** Load a page of the list, and append it. */
async function load() {
  const { items, pageInfo } = await request(`/v1/content?${new URLSearchParams({ first: String(PAGE), ...(next && { after: next }) })}`);
  await running.refresh();
  next = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  const rows = items.map(row);
  byId("list").append(...rows);
  byId("more").hidden = next === null;
  if (!byId("list").firstChild) byId("list").append(h("li", { id: "empty", class: "studio-empty" }, h("p", null, t("studio-none")), h("p", { class: "muted" }, t("studio-none-advice"))));
  for (const video of items) followed.follow(video);
  void showPosters(rows, items);
}

/** Show the posters one after another, which no page of the list waits for. */
async function showPosters(rows: HTMLElement[], videos: Video[]) {
  for (const [index, video] of videos.entries()) await showPoster(rows[index], video);
}

async function open() {
  if (contentId) {
    const { VideoPage } = await import("./video-page.ts");
    videoPage = new VideoPage(contentId, panel);
    await Promise.all([videoPage.open(), panel.showUsage()]);
  } else {
    await Promise.all([load(), panel.showUsage().then(() => { byId("studio").hidden = false; })]);
  }
}

byId("videos").hidden = contentId !== null;
loadMoreBy(byId("more"), byId("list"), load);
open().catch(offerReload);
