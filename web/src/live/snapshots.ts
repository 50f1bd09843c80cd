/**
 * Snapshots: small pictures of the camera for the server's own count (C-02).
 * @module
 */

/** Large enough for pose detection, in about 25 KB. */
const WIDTH = 480;
const QUALITY = 0.7;

/** Takes snapshots at a limited rate, one at a time. */
export class Snapshots {
  /** Number of snapshots taken. */
  taken = 0;
  #canvas: HTMLCanvasElement | null = null;
  #isBusy = false;
  #lastMs = -Infinity;

  /** Take a snapshot if the interval has passed; it is passed on when it is encoded. */
  take(video: HTMLVideoElement, timeMs: number, everyMs: number, onPicture: (timeMs: number, image: Uint8Array) => void) {
    if (this.#isBusy || timeMs - this.#lastMs < everyMs || !video.videoWidth) return;
    this.#lastMs = timeMs;
    this.#isBusy = true;
    const canvas = (this.#canvas ??= document.createElement("canvas"));
    canvas.width = Math.min(WIDTH, video.videoWidth);
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => void this.#give(blob, timeMs, onPicture), "image/jpeg", QUALITY);
  }

  /** @param blob null if encoding failed */
  async #give(blob: Blob | null, timeMs: number, onPicture: (timeMs: number, image: Uint8Array) => void) {
    const image = blob && new Uint8Array(await blob.arrayBuffer());
    this.#isBusy = false;
    if (!image) return;
    this.taken += 1;
    onPicture(timeMs, image);
  }
}
