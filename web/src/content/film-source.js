/**
 * Source of a video: HLS by hls.js where the browser has Media Source Extensions, so that the quality can be chosen; else by
 * the browser itself.
 * @module
 */

const HLS_TYPE = "application/vnd.apple.mpegurl";

/** @typedef {{height: number, level: number}} Quality */

/**
 * @typedef {object} FilmSource
 * @property {Quality[]} qualities the largest first; empty where the browser chooses by itself
 * @property {(level: number) => void} choose -1 for automatic
 * @property {() => void} close
 */

/**
 * @typedef {object} Listener
 * @property {number} at position in seconds to begin at
 * @property {(height: number) => void} onQuality
 * @property {() => void} onRefused the link has expired, or the video is not offered any more
 * @property {(error: Error) => void} onError
 */

/** The link was refused, rather than lost on its way. */
const REFUSED = new Set([403, 404]);

/** The codec that is cheapest to play: AV1 where hardware decodes it, else H.264 where the browser can. @param {any[]} levels @returns {Promise<string>} */
async function bestCodec(levels) {
  const { codecSet, videoCodec, width, height, bitrate, frameRate } = levels.find((each) => each.videoCodec?.startsWith("av01")) ?? levels[0];
  const others = levels.filter((each) => each.codecSet !== codecSet);
  if (!others.length || !navigator.mediaCapabilities) return codecSet;
  const video = { contentType: `video/mp4; codecs="${videoCodec}"`, width, height, bitrate, framerate: frameRate || 30 };
  const { supported, powerEfficient } = await navigator.mediaCapabilities.decodingInfo({ type: "media-source", video });
  return supported && powerEfficient ? codecSet : others[0].codecSet;
}

/** @param {HTMLVideoElement} video @param {string} url @param {Listener} listener @returns {Promise<FilmSource>} */
export async function openFilm(video, url, listener) {
  if ("MediaSource" in window || "ManagedMediaSource" in window) {
    const { default: Hls } = await import("hls.js");
    if (Hls.isSupported()) return openByScript(Hls, video, url, listener);
  }
  return openNatively(video, url, listener);
}

/** @param {HTMLVideoElement} video @param {string} url @param {Listener} listener @returns {FilmSource} */
function openNatively(video, url, { at, onRefused, onError }) {
  if (!video.canPlayType(HLS_TYPE)) onError(new Error("HLS"));
  const begin = () => { video.currentTime = at; };
  const fail = () => (video.error?.code === MediaError.MEDIA_ERR_NETWORK ? onRefused() : onError(new Error(video.error?.message)));
  video.addEventListener("loadedmetadata", begin, { once: true });
  video.addEventListener("error", fail);
  video.src = url;
  return { qualities: [], choose: () => {}, close: () => { video.removeEventListener("error", fail); video.removeAttribute("src"); video.load(); } };
}

/** @param {any} Hls @param {HTMLVideoElement} video @param {string} url @param {Listener} listener @returns {Promise<FilmSource>} */
function openByScript(Hls, video, url, { at, onQuality, onRefused, onError }) {
  // The content security policy allows no workers from texts. Loading starts once the codec is chosen: a level that is removed
  // while it loads would leave the others waiting.
  const hls = new Hls({ enableWorker: false, autoStartLoad: false });
  let isRecovered = false;
  hls.on(Hls.Events.LEVEL_SWITCHED, (/** @type {any} */ _, /** @type {any} */ { level }) => onQuality(hls.levels[level]?.height ?? 0));
  hls.on(Hls.Events.ERROR, (/** @type {any} */ _, /** @type {any} */ { fatal, type, response, error }) => {
    if (REFUSED.has(response?.code)) onRefused();
    else if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR && !isRecovered) { isRecovered = true; hls.recoverMediaError(); }
    else if (fatal) onError(error);
  });
  return new Promise((resolve) => {
    hls.on(Hls.Events.MANIFEST_PARSED, async () => {
      const codec = await bestCodec(hls.levels);
      for (let level = hls.levels.length - 1; level >= 0; level--) if (hls.levels[level].codecSet !== codec) hls.removeLevel(level);
      hls.startLoad(at);
      const qualities = hls.levels.map((/** @type {any} */ { height }, /** @type {number} */ level) => ({ height, level })).sort((/** @type {Quality} */ a, /** @type {Quality} */ b) => b.height - a.height);
      resolve({ qualities, choose: (/** @type {number} */ level) => { hls[level < 0 ? "loadLevel" : "currentLevel"] = level; }, close: () => hls.destroy() });
    });
    hls.loadSource(url);
    hls.attachMedia(video);
  });
}
