/**
 * Player of a recording: the stage with video and skeleton, the timeline and the controls. The replay page shows it at
 * full size, the page of a session beside its result.
 * @module
 */

import "./texts.ts";

import { h, icon, announce, onDetail, type PATHS } from "../ui/dom.ts";
import { isCopied } from "../ui/clipboard.ts";
import { clock } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { BreakSkipper } from "./break-skipper.ts";
import { UrlUpdater } from "./deep-link.ts";
import { VideoStatus } from "./video-status.ts";
import { replayKeys, type Key } from "./keyboard.ts";
import { countAt, cueAt, exerciseAt, loopOf, placeIn, type Repetition } from "./markers.ts";
import { RecordedView } from "./recorded-view.ts";
import { Replay, type Loop } from "./replay.ts";
import { ReplayTimeline } from "./replay-timeline.ts";
import type { Definition } from "../motion/joint-marks.ts";

export { lostParts } from "./lost-parts.ts";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];

interface Options {
  session: string;
  /** token of a share link */
  share?: string | null;
  /** The URL of the current moment, which the page's is kept at. */
  address: (replay: Replay) => string;
  /** The definition of an exercise, for what is marked on the body; null if it is not known. */
  definitionOf: (exercise: string | null) => Definition | null;
  /** Text under the time instead of the number of the repetition. */
  reading?: (time: number) => string;
  /** keys besides those of every player */
  keys?: Key[];
}

/** One recording with its controls; `element` is the section to insert, and the parts of it are for what a page adds. */
export class ReplayPlayer {
  replay;
  recorded;
  timeline = new ReplayTimeline();
  layers = h("div", { class: "layers", role: "group", "aria-label": t("replay-layers") });
  choices = h("div", { class: "choices" });
  /** State of the connection. */
  link = h("p", { class: "link", role: "status" });
  stage: HTMLElement;
  below: HTMLElement;
  element: HTMLElement;

  #options;
  #address;
  #breaks;
  #keys = new AbortController();
  /** End of the timeline as shown; it grows while the recording is still running. */
  #shownEnd = NaN;
  #counted = 0;
  #count = h("b", null, "0");
  #total = h("span");
  #counter = h("p", { class: "counter", "aria-hidden": "true", hidden: true }, this.#count, this.#total);
  #play = h("button", { class: "button primary play", type: "button", onclick: () => this.replay.toggle() });
  #clock = h("p", { class: "clock number", "aria-hidden": "true" }, "0:00.00");
  #reading = h("p", { class: "reading", "aria-hidden": "true" });
  #stopLoop = h("button", { class: "button stop-loop", type: "button", hidden: true, onclick: () => { this.replay.setLoop(null); this.#play.focus(); } }, icon("loop"), t("stop-loop"));
  #skip = h("button", { class: "button", type: "button", hidden: true }, t("replay-skip-breaks"));
  #speed = h("select", { onchange: () => this.replay.setRate(Number(this.#speed.value)) }, SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)));
  #video = this.#layer(t("video"), () => { this.recorded.showsVideo = !this.recorded.showsVideo; });
  #skeleton = this.#layer(t("skeleton"), () => { this.recorded.showsSkeleton = !this.recorded.showsSkeleton; });
  #sound = this.#icon("muted", t("sound"), () => this.#toggleSound());
  #videoStatus = h("p", { class: "muted video-status", role: "status", hidden: true });

  constructor(options: Options) {
    this.#options = options;
    this.#address = new UrlUpdater(() => options.address(this.replay));
    this.replay = new Replay(options.session, options.share ?? null);
    this.recorded = new RecordedView(this.replay);
    this.#breaks = new BreakSkipper(this.replay, this.#skip);
    this.stage = h("div", { class: "stage" }, this.recorded.element, this.#counter);
    this.layers.append(this.#video, this.#skeleton);
    this.below = this.#below();
    this.element = h("section", { class: "player", "aria-label": t("replay-playback") },
      this.link, this.stage, this.timeline, this.#controls(), this.layers, this.#videoStatus,
      h("ul", { class: "sides" }, h("li", { class: "left" }, t("left-side")), h("li", { class: "right" }, t("right-side"))), this.below);
    this.#listen();
    this.showLayers();
    this.#showPlaying();
  }

  /** Play a repetition in a loop, from its start. */
  perform(repetition: Repetition) {
    const loop = loopOf(repetition);
    this.replay.seek(loop.start);
    this.#loop(loop);
  }

  /** Play in a loop; beside a live picture, the athlete sets the tempo. */
  #loop(loop: Loop | null) {
    this.replay.setLoop(loop);
    if (loop && !this.#isLive) this.replay.play();
  }

  get #isLive() {
    return this.stage.hasAttribute("data-live");
  }

  /** Show which layers are on. Beside a live picture, a recording without layers is hidden. */
  showLayers() {
    const { recorded } = this;
    this.#video.setAttribute("aria-pressed", String(recorded.showsVideo));
    this.#skeleton.setAttribute("aria-pressed", String(recorded.showsSkeleton));
    recorded.element.hidden = this.#isLive && !recorded.showsSkeleton && !(recorded.showsVideo && recorded.hasVideo);
  }

  close() {
    this.#keys.abort();
    this.#address.moves();
    this.replay.close();
    this.recorded.close();
  }

  #controls() {
    return h("div", { class: "controls", role: "group", "aria-label": t("replay-playback") },
      h("div", { class: "control-group" }, this.#icon("back", t("previous-frame"), () => this.replay.stepFrame(-1)), this.#play, this.#icon("forward", t("next-frame"), () => this.replay.stepFrame(1))),
      h("div", { class: "readings" }, this.#clock, this.#reading),
      h("div", { class: "control-group end" }, this.#stopLoop, this.#skip,
        h("label", { class: "field inline" }, h("span", null, t("speed")), this.#speed),
        this.#sound, this.#icon("full", t("full-screen"), () => this.#goFull())));
  }

  #below() {
    const copied = h("p", { class: "muted copied", role: "status" });
    this.choices.append(h("button", { class: "button", type: "button", onclick: async () => {
      this.#address.write();
      copied.textContent = await isCopied(location.href) ? t("copied") : t("copy-from-bar");
    } }, t("copy-moment")));
    const keys = replayKeys(this.replay, [
      { key: "s", act: () => this.#skeleton.click(), help: ["S", t("key-skeleton")] },
      { key: "b", act: () => this.#breaks.toggle(), help: ["B", t("replay-key-breaks")] },
      ...this.#options.keys ?? [],
    ], this.#keys.signal);
    return h("div", { class: "below-video" }, this.choices, copied, this.timeline.cueList, keys);
  }

  #icon(name: keyof typeof PATHS, label: string, act: () => void) {
    return h("button", { class: "button icon-button", type: "button", "aria-label": label, title: label, onclick: act }, icon(name));
  }

  #layer(label: string, toggle: () => void) {
    return h("button", { class: "button", type: "button", "aria-pressed": "true", onclick: () => { toggle(); this.showLayers(); } }, label);
  }

  #listen() {
    const { replay } = this;
    const on = (what: string, act: () => void) => replay.addEventListener(what, act);
    on("ready", () => this.#ready());
    on("change", () => this.#changed());
    on("moment", () => this.#moment());
    replay.addEventListener("end", (event) => announce((event as CustomEvent<{final: boolean}>).detail.final ? t("replay-end") : t("replay-all-so-far")));
    on("lost", () => { this.link.textContent = t("replay-connection-lost"); });
    onDetail<number>(this.timeline, "seek", (time) => replay.seek(time));
    onDetail<Loop | null>(this.timeline, "loop", (loop) => this.#loop(loop));
  }

  #ready() {
    const { recording, markers, share } = this.replay;
    if (!recording) return;
    this.stage.style.setProperty("--aspect", String(this.replay.frames.aspect));
    this.#total.textContent = t("counter-of", { target: markers.repetitions.length });
    this.#counter.hidden = markers.repetitions.length === 0;
    this.#showVideo();
    this.#showTimeline();
    new VideoStatus(this.#videoStatus, { id: recording.id, share }, (video) => this.#filmed(video)).show(recording.videoStatus, recording.videoProblem);
  }

  #showVideo() {
    this.#video.hidden = this.#sound.hidden = !this.recorded.hasVideo;
    this.recorded.open();
  }

  /** Show a video that was made while the page was open. */
  #filmed(video: {url: string, mediaType: string}) {
    this.replay.video = video;
    this.#showVideo();
    this.showLayers();
    announce(t("replay-video-ready"));
  }

  #showTimeline() {
    const { replay } = this;
    if (replay.recording === null || replay.end === this.#shownEnd) return;
    this.#shownEnd = replay.end;
    this.timeline.show(replay.markers, replay.start, replay.end);
    this.#breaks.list();
  }

  #showPlaying() {
    const { isPlaying } = this.replay;
    const word = isPlaying ? t("pause") : t("play");
    if (this.#play.textContent !== word) this.#play.replaceChildren(icon(isPlaying ? "pause" : "play"), word);
  }

  #changed() {
    const { isPlaying, line, loop, looped, rate, recording } = this.replay;
    if (line.isOpen) this.link.textContent = "";
    this.#showTimeline();
    this.#showPlaying();
    this.#stopLoop.hidden = loop === null;
    this.#speed.value = String(rate);
    this.timeline.loop(loop, looped?.number ?? null);
    if (isPlaying) this.#address.moves();
    else if (recording !== null) this.#address.moved();
  }

  #moment() {
    const { replay } = this;
    const { time, markers } = replay;
    if (replay.recording === null) return;
    const { definitionOf, reading } = this.#options;
    this.#breaks.follow(time);
    this.recorded.show(time, cueAt(markers, time), definitionOf(exerciseAt(markers, time)));
    this.timeline.moment(time);
    this.#clock.textContent = `${clock(time, 2)} / ${clock(replay.end, 2)}`;
    this.#reading.textContent = replay.isWaiting ? t("replay-waiting") : reading?.(time) ?? placeIn(markers, time);
    this.#showCount(countAt(markers, time));
  }

  #showCount(count: number) {
    if (count === this.#counted) return;
    if (count > this.#counted && this.replay.isPlaying) announce(t("count-reps", { count }));
    this.#counted = count;
    this.#count.textContent = String(count);
  }

  #toggleSound() {
    const isMuted = this.recorded.toggleSound();
    this.#sound.setAttribute("aria-pressed", String(!isMuted));
    this.#sound.replaceChildren(icon(isMuted ? "muted" : "sound"));
  }

  #goFull() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.stage.requestFullscreen();
  }
}
