/**
 * Camera devices; localStorage remembers the selected one.
 * @module
 */

import { storeValue } from "../stores/browser-storage.ts";

const STORED = "kinelog.camera";

type Camera = {id: string, name: string};

/**
 * Open the selected camera, or else the front camera.
 * @param constraints constraints on the picture
 * @throws {DOMException}
 */
export async function openPreferred(constraints: MediaTrackConstraints): Promise<MediaStream> {
  const open = (which: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...constraints } });
  const deviceId = chosen();
  if (!deviceId) return open({ facingMode: "user" });
  return open({ deviceId: { exact: deviceId } }).catch((error) => {
    if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw error;
    return open({ facingMode: "user" });
  });
}

/** Remember a camera; "" means the browser's default. */
export function prefer(id: string) {
  if (id) storeValue(STORED, id);
  else localStorage.removeItem(STORED);
}

/** ID of the selected camera, or "". */
export function chosen() {
  return localStorage.getItem(STORED) ?? "";
}

/** List the connected cameras. Browsers name them only to pages with camera permission. */
export async function cameras(): Promise<Camera[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind, label }) => kind === "videoinput" && label).map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** Call back when a camera is connected or disconnected. */
export function onCamerasChanged(onChange: () => void) {
  navigator.mediaDevices?.addEventListener("devicechange", onChange);
}
