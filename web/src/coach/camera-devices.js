/**
 * Camera devices; localStorage remembers the selected one.
 * @module
 */

const STORED = "kinelog.camera";

/** @typedef {{id: string, name: string}} Camera */

/**
 * Open the selected camera, or else the front camera.
 * @param {MediaTrackConstraints} constraints constraints on the picture
 * @returns {Promise<MediaStream>}
 * @throws {DOMException}
 */
export async function openPreferred(constraints) {
  const open = (/** @type {MediaTrackConstraints} */ which) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...constraints } });
  const deviceId = chosen();
  if (!deviceId) return open({ facingMode: "user" });
  return open({ deviceId: { exact: deviceId } }).catch((error) => {
    if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw error;
    return open({ facingMode: "user" });
  });
}

/** Remember a camera; "" means the browser's default. @param {string} id */
export function prefer(id) {
  if (id) localStorage.setItem(STORED, id);
  else localStorage.removeItem(STORED);
}

/** ID of the selected camera, or "". */
export function chosen() {
  return localStorage.getItem(STORED) ?? "";
}

/** List the connected cameras. Browsers name them only to pages with camera permission. @returns {Promise<Camera[]>} */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind, label }) => kind === "videoinput" && label).map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** Call back when a camera is connected or disconnected. @param {() => void} onChange */
export function onCamerasChanged(onChange) {
  navigator.mediaDevices?.addEventListener("devicechange", onChange);
}
