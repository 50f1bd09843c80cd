/**
 * Camera access: opening, refusals and losses.
 * @module
 */

import { reportError } from "../api/error-reports.ts";
import { showHint } from "../ui/banner.ts";
import { openPreferred } from "./camera-devices.ts";
import { t } from "../i18n/l10n.ts";

/** Delay before a hint that points to the browser's permission prompt. */
const IGNORED_AFTER_MS = 8000;

/** Seconds without a picture on a visible page until the camera counts as lost: another program has taken it, or a switch turned it off. */
const MUTED_S = 5;

const REFUSALS: Record<string, string[]> = {
  NotAllowedError: [t("camera-denied"), t("camera-allow")],
  NotFoundError: [t("camera-none"), t("camera-connect")],
  OverconstrainedError: [t("camera-none"), t("camera-connect")],
  NotReadableError: [t("camera-busy"), t("camera-busy-advice")],
};

/** The camera could not be opened. */
export class CameraRefused extends Error {
  title: string;
  advice: string;

  /** @param name name of the browser's error */
  constructor(name: string) {
    const [title, advice] = REFUSALS[name] ?? [t("camera-unavailable"), t("camera-https")];
    super(title);
    this.title = title;
    this.advice = advice;
  }
}

/** Messages by reason of a camera loss. */
const LOSSES = {
  withdrawn: { title: t("camera-revoked"), detail: t("camera-revoked-detail"), advice: t("camera-allow") },
  unplugged: { title: t("camera-disconnected"), detail: t("camera-disconnected-detail"), advice: t("camera-reconnect") },
  muted: { title: t("camera-muted"), detail: t("camera-muted-detail"), advice: t("camera-muted-advice") },
  off: { title: t("camera-off"), detail: t("camera-off-detail"), advice: t("camera-on-again") },
};

export type Loss = {title: string, detail: string, advice: string};

/** The camera was turned off because nobody was in its picture. */
export const UNATTENDED: Loss = { title: t("camera-unattended"), detail: t("camera-unattended-detail"), advice: t("camera-on-again") };

/** The state of the camera permission; null if the browser cannot query it. */
function permission(): Promise<PermissionStatus | null> {
  const name = "camera" as PermissionName;
  return navigator.permissions?.query({ name }).catch(() => null) ?? Promise.resolve(null);
}

async function lossOf(track: MediaStreamTrack | undefined): Promise<Loss> {
  const isMuted = track?.muted && track.readyState === "live"; // before the page turns it off
  const { deviceId } = track?.getSettings() ?? {};
  const allowed = await permission();
  if (allowed && allowed.state !== "granted") return LOSSES.withdrawn;
  if (isMuted) return LOSSES.muted;
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.some((each) => each.kind === "videoinput" && each.deviceId === deviceId) ? LOSSES.off : LOSSES.unplugged;
}

/**
 * Request the camera; only after a user gesture. If the browser's prompt stays unanswered, a hint
 * says where to find it.
 * @throws {CameraRefused}
 */
export async function openCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraRefused("SecurityError");
  let answered = () => {};
  const timer = setTimeout(() => { answered = showHint(t("camera-prompt")); }, IGNORED_AFTER_MS);
  try {
    return await openPreferred({ width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    reportError("camera", error.name);
    throw new CameraRefused(error.name);
  } finally {
    clearTimeout(timer);
    answered();
  }
}

/** Stop all tracks, so that the camera's light goes out. */
export function closeCamera(stream: MediaStream | null) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Call back when the camera is lost, with the reason: permission revoked, device disconnected, or no picture.
 * @param onLost called at most once
 */
export function watchCamera(stream: MediaStream, onLost: (loss: Promise<Loss>) => void) {
  const tracks = stream.getVideoTracks();
  const watching = new AbortController();
  const lost = () => {
    if (watching.signal.aborted) return;
    watching.abort();
    clearInterval(timer);
    onLost(lossOf(tracks[0]));
  };
  let mutedS = 0;
  const timer = setInterval(() => {
    if (tracks.every((track) => track.readyState === "ended")) { clearInterval(timer); return; }
    mutedS = tracks.some((track) => track.muted) && !document.hidden ? mutedS + 1 : 0;
    if (mutedS > MUTED_S) lost();
  }, 1000);
  for (const track of tracks) track.addEventListener("ended", lost, { signal: watching.signal });
  void permission().then((allowed) => { // some browsers keep a black picture running
    allowed?.addEventListener("change", () => {
      if (tracks.every((track) => track.readyState === "ended")) watching.abort(); // this page turned it off
      else if (allowed.state !== "granted") lost();
    }, { signal: watching.signal });
  });
}

let pen: CanvasRenderingContext2D | null = null;

/**
 * Measure how bright the picture is.
 * @returns mean grey 0..255 (Rec. 601 luma), null before the first picture
 */
export function brightness(video: HTMLVideoElement): number | null {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  pen ??= Object.assign(document.createElement("canvas"), { width: 32, height: 24 }).getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  pen.drawImage(video, 0, 0, 32, 24);
  const { data } = pen.getImageData(0, 0, 32, 24);
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  return (4 * sum) / data.length;
}
