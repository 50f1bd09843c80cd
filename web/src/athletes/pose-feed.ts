/**
 * Live poses of a session: WebSocket `/ws/pose?watch=<session>`, which reconnects after a loss.
 * @module
 */

import { pauseMs } from "../live/backoff.ts";
import { socketTo } from "../live/sockets.ts";

/** Close codes after which only the server can say what may still be seen. */
const REFUSED = [4401, 4403, 4404];

/** Messages of two connections of one athlete overlap; the later one counts while it is not silent this long. */
const SILENT_MS = 2000;

export type Frame = {timeMs: number, landmarks: Float32Array | null};
interface Callbacks {
  onFrames: (frames: Frame[]) => void;
  onOpen: () => void;
  /** the connection was lost, and is tried again */
  onLost: () => void;
  /** the server ended it */
  onRefused: () => void;
}

/** Convert rows of x, y, z, visibility; null where a point was not detected. */
function flat(rows: (number[] | null)[] | null) {
  return rows && Float32Array.from(rows.flatMap((row) => row ?? [NaN, NaN, NaN, NaN]));
}

/** of the server: the feed is open, or frames with 33 rows of x, y, z, visibility */
type Message = {type: "watching"} | {type: "frames", frames: {timeMs: number, landmarks: (number[] | null)[] | null}[]};

/** The connection, from `open` to `close`. */
export class PoseFeed {
  #socket: WebSocket | null = null;
  #isClosed = false;
  #attempts = 0;
  #timer = 0;
  #lastMs = -1;
  #acceptedAt = -Infinity;
  #path;
  #callbacks;

  constructor(session: string, callbacks: Callbacks) {
    this.#path = `/ws/pose?${new URLSearchParams({ watch: session })}`;
    this.#callbacks = callbacks;
  }

  /** Connect; results are reported by the callbacks. */
  async open() {
    const socket = socketTo(this.#path);
    if (this.#isClosed) return socket.close();
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => this.#lost(code);
  }

  /** Close the connection for good. */
  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #take(message: Message) {
    this.#attempts = 0;
    if (message.type === "watching") return this.#callbacks.onOpen();
    const now = performance.now();
    const [first] = message.frames;
    if (!first || (first.timeMs <= this.#lastMs && now - this.#acceptedAt < SILENT_MS)) return;
    this.#acceptedAt = now;
    this.#lastMs = message.frames.at(-1)?.timeMs ?? first.timeMs;
    this.#callbacks.onFrames(message.frames.map((each) => ({ timeMs: each.timeMs, landmarks: flat(each.landmarks) })));
  }

  /** @param code of the close event */
  #lost(code: number) {
    if (this.#isClosed) return;
    if (REFUSED.includes(code)) return this.#callbacks.onRefused();
    this.#callbacks.onLost();
    this.#attempts += 1;
    this.#timer = setTimeout(() => void this.open(), pauseMs(this.#attempts));
  }
}
