/**
 * Source of a video: HLS by hls.js where the browser has Media Source Extensions, so that the quality can be chosen; else by
 * the browser itself.
 * @module
 */

import { Problem } from "../api/problem.ts";
import type { default as HlsPlayer, Level } from "hls.js";

const HLS_TYPE = "application/vnd.apple.mpegurl";

type Quality = {height: number, level: number};

export interface VideoSource {
  /** the largest first; empty where the browser chooses by itself */
  qualities: Quality[];
  /** -1 for automatic */
  choose: (level: number) => void;
  close: () => void;
}

interface Listener {
  /** position in seconds to begin at */
  at: number;
  onQuality: (height: number) => void;
  /** the link has expired, or the video is not offered any more */
  onRefused: () => void;
  /** a video that was opened can no longer be played */
  onError: (problem: Problem) => void;
}

/** The link was refused, rather than lost on its way. */
const REFUSED = new Set([403, 404]);

/** The codec that is cheapest to play: AV1 where hardware decodes it, else H.264 where the browser can. */
async function bestCodec(levels: Level[]): Promise<string> {
  const { codecSet, videoCodec, width, height, bitrate, frameRate } = levels.find((each) => each.videoCodec?.startsWith("av01")) ?? levels[0];
  const others = levels.filter((each) => each.codecSet !== codecSet);
  if (!others.length || !navigator.mediaCapabilities) return codecSet;
  const video = { contentType: `video/mp4; codecs="${videoCodec}"`, width, height, bitrate, framerate: frameRate || 30 };
  const { supported, powerEfficient } = await navigator.mediaCapabilities.decodingInfo({ type: "media-source", video });
  return supported && powerEfficient ? codecSet : others[0].codecSet;
}

/** The problem that a video cannot be played: it was not received, or the browser cannot decode it. */
export function brokenVideo() {
  return new Problem({ title: "The video cannot be played.", detail: "Check your connection, or try another browser.", code: "video.broken" });
}

/** Open a video in an element. @throws {Problem} if it cannot be opened */
export async function openVideo(video: HTMLVideoElement, url: string, listener: Listener): Promise<VideoSource> {
  if ("MediaSource" in window || "ManagedMediaSource" in window) {
    const { default: Hls } = await import("hls.js");
    if (Hls.isSupported()) return openByScript(Hls, video, url, listener);
  }
  return openNatively(video, url, listener);
}

function openNatively(video: HTMLVideoElement, url: string, { at, onRefused, onError }: Listener): VideoSource {
  if (!video.canPlayType(HLS_TYPE)) throw brokenVideo();
  const begin = () => { video.currentTime = at; };
  const fail = () => (video.error?.code === MediaError.MEDIA_ERR_NETWORK ? onRefused() : onError(brokenVideo()));
  video.addEventListener("loadedmetadata", begin, { once: true });
  video.addEventListener("error", fail);
  video.src = url;
  return { qualities: [], choose: () => {}, close: () => { video.removeEventListener("error", fail); video.removeAttribute("src"); video.load(); } };
}

function openByScript(Hls: typeof HlsPlayer, video: HTMLVideoElement, url: string, { at, onQuality, onRefused, onError }: Listener): Promise<VideoSource> {
  // The content security policy allows no workers from texts. Loading starts once the codec is chosen: a level that is removed
  // while it loads would leave the others waiting.
  const hls = new Hls({ enableWorker: false, autoStartLoad: false });
  const opening: PromiseWithResolvers<VideoSource> = Promise.withResolvers();
  let isOpen = false;
  let isRecovered = false;
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => onQuality(hls.levels[level]?.height ?? 0));
  hls.on(Hls.Events.ERROR, (_, { fatal, type, response }) => {
    if (!isOpen) {
      if (!fatal) return;
      hls.destroy();
      opening.reject(brokenVideo());
    } else if (REFUSED.has(response?.code ?? 0)) onRefused();
    else if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR && !isRecovered) { isRecovered = true; hls.recoverMediaError(); }
    else if (fatal) onError(brokenVideo());
  });
  hls.on(Hls.Events.MANIFEST_PARSED, async () => {
    isOpen = true;
    const codec = await bestCodec(hls.levels);
    for (let level = hls.levels.length - 1; level >= 0; level--) if (hls.levels[level].codecSet !== codec) hls.removeLevel(level);
    hls.startLoad(at);
    const qualities = hls.levels.map(({ height }, level) => ({ height, level })).sort((a, b) => b.height - a.height);
    opening.resolve({ qualities, choose: (level: number) => { hls[level < 0 ? "loadLevel" : "currentLevel"] = level; }, close: () => hls.destroy() });
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return opening.promise;
}
