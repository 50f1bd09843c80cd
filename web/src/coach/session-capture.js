/**
 * What a session by camera keeps besides its count: a recording of the movement, a film, and samples of the motion sensors.
 * @module
 */

import { openMotionSensors } from "../live/motion-sensors.js";
import { Recording } from "../live/recording.js";
import { leftRecordings } from "../live/recording-log.js";
import { Snapshots } from "../live/snapshots.js";
import { renewForRecording } from "../api/credentials.js";

/** @typedef {import("../live/live-session.js").LiveSession} LiveSession */

/** Timeout for ending a recording whose connection is lost; the rest is sent later, by this page or the next one. */
const RECORDING_ENDS_MS = 5000;

/** Interval of the pictures of a recorded film. */
const FILM_EVERY_MS = 100;

/** Recording, film and sensors of the sessions of one page. */
export class SessionCapture {
  #session;
  /** @type {Recording | null} */
  #recording = null;
  /** Recording of the session that an earlier page has begun. @type {Awaited<ReturnType<typeof leftRecordings>>[number] | null} */
  #left = null;
  #film = new Snapshots();
  /** @type {{stop(): void} | null} */
  #sensors = null;

  /** @param {() => LiveSession | null} session the current session */
  constructor(session) {
    this.#session = session;
  }

  /** Find the recording of a session that an earlier page has begun, to continue it. @param {string} sessionId @param {string} athleteId */
  async find(sessionId, athleteId) {
    this.#left = (await leftRecordings(athleteId)).find(({ state }) => state.sessionId === sessionId && !isEnded(state)) ?? null;
  }

  /** Record the session from now on. @param {{name: string, description: string}} what @param {number} aspectRatio of the camera's picture @returns {Recording} */
  record(what, aspectRatio) {
    const session = this.#session();
    if (!session) throw new Error("There is no session to record.");
    const left = this.#left?.state.sessionId === session.id ? this.#left : null;
    this.#left = null;
    this.#recording = left ? Recording.resume(left.state, left.batches) : new Recording({ sessionId: session.id, aspectRatio, ...what }, session.athleteId);
    return this.#recording;
  }

  /** Record a frame. @param {any} frame */
  frame(frame) {
    const session = this.#session();
    if (session) this.#recording?.push(frame, session.timeOf(frame.timeMs));
  }

  /** Record the picture of the next frame. @param {HTMLVideoElement} video @param {number} timeMs */
  picture(video, timeMs) {
    const [session, recording] = [this.#session(), this.#recording];
    if (session && recording) this.#film.take(video, timeMs, FILM_EVERY_MS, (atMs, image) => recording.picture(session.timeOf(atMs), image));
  }

  /** Send what the server has refused. */
  retry() {
    if (this.#recording?.isRefused) this.#recording.retry();
  }

  /** End the recording, or give up after a while. */
  async end() {
    await Promise.race([this.#recording?.stop(), new Promise((resolve) => { setTimeout(resolve, RECORDING_ENDS_MS); })]);
  }

  /** Get what a session needs: motion sensors, then an access token for its recording. @param {() => boolean} isWanted checked after the permission prompt */
  async prepare(isWanted) {
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

/** Whether the athlete has ended a stored recording. @param {import("../live/recording-store.js").RecordingState} state */
function isEnded({ commands }) {
  return commands.at(-1)?.message.type === "stop";
}
