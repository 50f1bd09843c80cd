/**
 * A camera can be refused, missing, busy, asked for and never answered, and taken away again.
 * @module
 */

import { showHint } from "../ui/banner.js";
import { openPreferred } from "./camera-devices.js";

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

/** Why a picture went away, by what the browser says of it. */
const LOSSES = {
  withdrawn: { title: "The camera's permission was taken back.", detail: "This page may not look any more.", advice: "Allow the camera for this page in the browser's address bar, then turn it on again." },
  unplugged: { title: "The camera was unplugged.", detail: "It is not connected any more.", advice: "Plug it in again or choose another one, then turn it on." },
  off: { title: "The camera was switched off.", detail: "Its permission was taken back, or it was unplugged.", advice: "Turn it on again." },
};

/** @typedef {{title: string, detail: string, advice: string}} Loss */

/** What the browser says of the permission; null where it does not know that question. @returns {Promise<PermissionStatus | null>} */
function permission() {
  const name = /** @type {PermissionName} */ ("camera");
  return navigator.permissions?.query({ name }).catch(() => null) ?? Promise.resolve(null);
}

/** @param {string | undefined} deviceId @returns {Promise<Loss>} */
async function lossOf(deviceId) {
  const allowed = await permission();
  if (allowed && allowed.state !== "granted") return LOSSES.withdrawn;
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.some((each) => each.kind === "videoinput" && each.deviceId === deviceId) ? LOSSES.off : LOSSES.unplugged;
}

/**
 * Ask for the camera; only ever after somebody pressed a button that says what it is for. Where nobody
 * answers the browser's question, it is said where to look for it.
 * @returns {Promise<MediaStream>}
 * @throws {CameraRefused}
 */
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraRefused("SecurityError");
  let answered = () => {};
  const timer = setTimeout(() => { answered = showHint("Your browser asks whether this page may use the camera. Look for its question beside the address bar."); }, IGNORED_AFTER_MS);
  try {
    return await openPreferred({ width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } });
  } catch (error) {
    if (error instanceof DOMException) throw new CameraRefused(error.name);
    throw error;
  } finally {
    clearTimeout(timer);
    answered();
  }
}

/** Switch the camera off, its light too. @param {MediaStream | null} stream */
export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Be told when the picture is taken away, and why: the permission withdrawn, the cable pulled.
 * @param {MediaStream} stream
 * @param {(loss: Promise<Loss>) => void} onLost called at once, and once
 */
export function watchCamera(stream, onLost) {
  const tracks = stream.getVideoTracks();
  const watching = new AbortController();
  const lost = () => {
    if (watching.signal.aborted) return;
    watching.abort();
    onLost(lossOf(tracks[0]?.getSettings().deviceId));
  };
  for (const track of tracks) track.addEventListener("ended", lost, { signal: watching.signal });
  void permission().then((allowed) => { // some browsers keep a dark picture running
    allowed?.addEventListener("change", () => {
      if (tracks.every((track) => track.readyState === "ended")) watching.abort(); // it was switched off here
      else if (allowed.state !== "granted") lost();
    }, { signal: watching.signal });
  });
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
