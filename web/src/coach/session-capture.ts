/**
 * What a session by camera keeps besides its count: a recording of the movement, a video, and samples of the motion sensors.
 * @module
 */

import { openMotionSensors } from "../live/motion-sensors.ts";
import { Recording } from "../live/recording.ts";
import { leftRecordings } from "../live/recording-log.ts";
import { Snapshots } from "../live/snapshots.ts";
import { renewForRecording } from "../api/credentials.ts";
import type { LiveSession } from "../live/live-session.ts";
import type { RecordingState } from "../live/recording-store.ts";
import type { PoseFrame } from "../live/pose-source.ts";

/** Timeout for ending a recording whose connection is lost; the rest is sent later, by this page or the next one. */
const RECORDING_ENDS_MS = 5000;

/** Interval of the pictures of a recorded video. */
const VIDEO_EVERY_MS = 100;

/** Recording, video and sensors of the sessions of one page. */
export class SessionCapture {
  #session;
  #recording: Recording | null = null;
  /** Recording of the session that an earlier page has begun. */
  #left: Awaited<ReturnType<typeof leftRecordings>>[number] | null = null;
  #pictures = new Snapshots();
  #sensors: {stop(): void} | null = null;

  /** @param session the current session */
  constructor(session: () => LiveSession | null) {
    this.#session = session;
  }

  /** Find the recording of a session that an earlier page has begun, to continue it. */
  async find(sessionId: string, athleteId: string) {
    this.#left = (await leftRecordings(athleteId)).find(({ state }) => state.sessionId === sessionId && !isEnded(state)) ?? null;
  }

  /** Record the session from now on. @param aspectRatio of the camera's picture */
  record(what: {name: string, description: string}, aspectRatio: number): Recording {
    const session = this.#session();
    if (!session) throw new Error("There is no session to record.");
    const left = this.#left?.state.sessionId === session.id ? this.#left : null;
    this.#left = null;
    this.#recording = left ? Recording.resume(left.state, left.batches) : new Recording({ sessionId: session.id, aspectRatio, ...what }, session.athleteId);
    return this.#recording;
  }

  /** Record a frame. */
  frame(frame: PoseFrame) {
    const session = this.#session();
    if (session) this.#recording?.push(frame, session.timeOf(frame.timeMs));
  }

  /** Record the picture of the next frame. */
  picture(video: HTMLVideoElement, timeMs: number) {
    const [session, recording] = [this.#session(), this.#recording];
    if (session && recording) this.#pictures.take(video, timeMs, VIDEO_EVERY_MS, (atMs, image) => recording.picture(session.timeOf(atMs), image));
  }

  /** Send what the server has refused. */
  retry() {
    if (this.#recording?.isRefused) this.#recording.retry();
  }

  /** End the recording, or give up after a while. */
  async end() {
    await Promise.race([this.#recording?.stop(), new Promise((resolve) => { setTimeout(resolve, RECORDING_ENDS_MS); })]);
  }

  /** Get what a session needs: motion sensors, then an access token for its recording. @param isWanted checked after the permission prompt */
  async prepare(isWanted: () => boolean) {
    const sensors = await openMotionSensors((sample) => this.#session()?.sense(sample));
    this.stopSensors();
    this.#sensors = sensors;
    if (!isWanted()) this.stopSensors();
    await renewForRecording();
  }

  stopSensors() {
    this.#sensors?.stop();
    this.#sensors = null;
  }
}

/** Whether the athlete has ended a stored recording. */
function isEnded({ commands }: RecordingState) {
  return commands.at(-1)?.message.type === "stop";
}
