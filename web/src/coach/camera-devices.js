/**
 * Which camera looks: built in or plugged in. This browser remembers the choice.
 * @module
 */

const STORED = "kinelog.camera";

/** @typedef {{id: string, name: string}} Camera */

/**
 * Open the camera that was chosen; where it is not connected or none was, the one that faces the athlete.
 * @param {MediaTrackConstraints} wish What the picture has to be like.
 * @returns {Promise<MediaStream>}
 * @throws {DOMException}
 */
export async function openPreferred(wish) {
  const open = (which) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...wish } });
  const wished = chosen();
  if (!wished) return open({ facingMode: "user" });
  return open({ deviceId: { exact: wished } }).catch((error) => {
    if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw error;
    return open({ facingMode: "user" });
  });
}

/** Remember a choice; "" leaves it to the browser. @param {string} id */
export function prefer(id) {
  if (id) localStorage.setItem(STORED, id);
  else localStorage.removeItem(STORED);
}

/** The camera that was chosen; "" where none was. */
export function chosen() {
  return localStorage.getItem(STORED) ?? "";
}

/** The cameras that are connected. Browsers tell them only to pages that may look. @returns {Promise<Camera[]>} */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind, label }) => kind === "videoinput" && label).map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** Be told when a camera was plugged in or out. @param {() => void} onChange */
export function onCamerasChanged(onChange) {
  navigator.mediaDevices?.addEventListener("devicechange", onChange);
}
