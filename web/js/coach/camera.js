/**
 * A camera can be refused, missing, busy, asked for and never answered, and taken away again.
 * @module
 */

/** After this the athlete is told where the browser's question may be found. */
const IGNORED_AFTER_MS = 8000;

const REFUSALS = {
  NotAllowedError: ["The camera was refused.", "Allow the camera for this page in the browser's address bar, then turn it on again."],
  NotFoundError: ["No camera was found.", "Connect a camera, or train without one."],
  OverconstrainedError: ["No camera was found.", "Connect a camera, or train without one."],
  NotReadableError: ["The camera is in use.", "Close the other program that uses it, then turn it on again."],
};

/** No picture can be had, and why, in words. */
export class CameraRefused extends Error {
  /** @param {string} name Of the browser's error. */
  constructor(name) {
    const [title, advice] = REFUSALS[name] ?? ["The camera cannot be used.", "Open this page over https, or train without a camera."];
    super(title);
    this.title = title;
    this.advice = advice;
  }
}

/**
 * Ask for the camera; only ever after somebody pressed a button that says what it is for.
 * @param {() => void} onIgnored called once if nobody answers the browser's question
 * @returns {Promise<MediaStream>}
 * @throws {CameraRefused}
 */
export async function openCamera(onIgnored) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraRefused("SecurityError");
  const timer = setTimeout(onIgnored, IGNORED_AFTER_MS);
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } } });
  } catch (error) {
    if (error instanceof DOMException) throw new CameraRefused(error.name);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Switch the camera off, its light too. @param {MediaStream | null} stream */
export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Be told when the picture is taken away: the permission withdrawn, the cable pulled.
 * @param {MediaStream} stream
 * @param {() => void} onLost
 */
export function watchCamera(stream, onLost) {
  for (const track of stream.getVideoTracks()) track.addEventListener("ended", onLost, { once: true });
}

/** @type {CanvasRenderingContext2D | null} */
let pen = null;

/**
 * How bright the picture is.
 * @param {HTMLVideoElement} video
 * @returns {number | null} mean grey 0..255 (Rec. 601 luma), null before the first picture
 */
export function brightness(video) {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  pen ??= Object.assign(document.createElement("canvas"), { width: 32, height: 24 }).getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  pen.drawImage(video, 0, 0, 32, 24);
  const { data } = pen.getImageData(0, 0, 32, 24);
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  return (4 * sum) / data.length;
}
