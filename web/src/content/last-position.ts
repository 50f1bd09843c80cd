/**
 * Positions in videos where a viewer left off: on this device, and on the server for all devices.
 * @module
 */

import { request, stayDuring } from "../api/client.ts";
import { pageUser } from "../stores/account.ts";
import { storeValue } from "../stores/browser-storage.ts";

/** Key on an installation without accounts. An earlier version used it for everybody. */
const STORED = "kinelog.watched";
const MOST = 50;

/** A position so near to the beginning or the end is not resumed. */
const EDGE_S = 5;

/** A playing video reports each change of its position by this. */
const REPORT_EVERY_S = 60;

/** `noted` is a time in milliseconds, 0 if unknown */
type Position = {atS: number, noted: number};

/** Key of the positions of a user. */
const keyOf = (user: string | null) => (user === null ? STORED : `${STORED}.${user}`);

/** @returns those of the user of this page by the ID of the video, the newest last */
function positions(): Record<string, Position> {
  try {
    return JSON.parse(localStorage.getItem(keyOf(pageUser())) ?? "{}");
  } catch {
    return {}; // written by something else
  }
}

/**
 * Return where to go on: at the later one of the positions of the server and of this device.
 * @returns 0 for the beginning
 */
export function lastPosition(id: string, durationS: number, server: Position): number {
  const own = positions()[id];
  const { atS } = own && !(own.noted < server.noted) ? own : server;
  return atS > EDGE_S && atS < durationS - EDGE_S ? atS : 0;
}

export function keepPosition(id: string, atS: number) {
  const { [id]: _, ...others } = positions();
  const kept = Object.entries({ ...others, [id]: { atS: Math.round(atS), noted: Date.now() } }).slice(-MOST);
  storeValue(keyOf(pageUser()), JSON.stringify(Object.fromEntries(kept)));
  if (pageUser() !== null) localStorage.removeItem(STORED); // nobody knows whose these are
}

/** Delete the positions of a user from this browser. */
export function forgetPositions(user: string) {
  localStorage.removeItem(keyOf(user));
}

/** Report positions of a video to the server: now and then while it plays, when it pauses, and when the page is left. @param isOpen whether the element shows the video */
export function reportPositions(id: string, video: HTMLVideoElement, isOpen: () => boolean) {
  let sentS = 0;
  const report = () => {
    const atS = video.currentTime;
    if (!isOpen() || Math.abs(atS - sentS) < 1) return;
    sentS = atS;
    const body = JSON.stringify({ positionMs: Math.round(atS * 1000) });
    const options = { method: "PUT", headers: { "Content-Type": "application/json" }, body, keepalive: true };
    const send = () => request(`/v1/content/${encodeURIComponent(id)}/position`, options);
    stayDuring(send).catch(() => {}); // this device has it, and a later one follows; the video goes on without a sign-in
  };
  video.addEventListener("pause", report);
  video.addEventListener("timeupdate", () => { if (Math.abs(video.currentTime - sentS) >= REPORT_EVERY_S || (sentS === 0 && !video.paused)) report(); });
  addEventListener("pagehide", report);
  document.addEventListener("visibilitychange", () => { if (document.hidden) report(); });
}
