/**
 * Pose Firebase service: the sessions of the user in the document store.
 *
 * Kinelog writes the documents `users/{userId}/workoutSessions/{sessionId}`, as Firestore or a file has them. So this service
 * talks to Kinelog, and needs neither Firebase's SDK nor its keys in the browser.
 * @module
 */

import { Refused, Unreachable } from "./api_service.js";

/** @typedef {import("./api_service.js").Workout} Workout */
/** @typedef {{document: string, analytics: string}} Sinks state of a session in each store */
/** @typedef {Workout & {sessionId: string, userId: string, createdAt: string, sinks: Sinks}} WorkoutSession */
/** @typedef {{totalSessions: number, totalReps: number, averageAccuracy: number | null, totalDuration: number}} WorkoutStats */

const SESSIONS = "/v1/pose-coach/sessions";
const NOT_FOUND = 404;

/** Number of sessions that a list has at most. */
const NEWEST = 50;

/** The operations on sessions. All of them throw Refused or Unreachable. */
export class PoseFirebaseService {
  #api;

  /** @param {import("./api_service.js").ApiService} api */
  constructor(api) {
    this.#api = api;
  }

  /** Save a session, once, and return its id. @param {string} userId @param {Workout} session @returns {Promise<string>} */
  async saveWorkoutSession(userId, session) {
    return (await this.#api.send("POST", SESSIONS, { userId, ...session })).sessionId;
  }

  /** The newest sessions. @returns {Promise<WorkoutSession[]>} */
  getUserWorkoutSessions() {
    return this.#list("");
  }

  /** @returns {Promise<WorkoutSession[]>} */
  getTodayWorkoutSessions() {
    return this.#list("/today");
  }

  /** @returns {Promise<WorkoutSession[]>} */
  getWeekWorkoutSessions() {
    return this.#list("/week");
  }

  /** @returns {Promise<WorkoutSession[]>} */
  getMonthWorkoutSessions() {
    return this.#list("/month");
  }

  /** Figures of all sessions. @returns {Promise<WorkoutStats>} */
  getUserWorkoutStats() {
    return this.#api.send("GET", `${SESSIONS}/stats`);
  }

  /** Delete a session, and return whether it was there. It cannot be saved again. @param {string} sessionId @returns {Promise<boolean>} */
  async deleteWorkoutSession(sessionId) {
    try {
      return (await this.#api.send("DELETE", `${SESSIONS}/${encodeURIComponent(sessionId)}`)).deleted;
    } catch (error) {
      if (error instanceof Refused && error.status === NOT_FOUND) return false;
      throw error;
    }
  }

  /**
   * Call a function with the newest sessions and all figures: now, and after each change on any device, until the connection ends.
   * @param {(latest: {sessions: WorkoutSession[], stats: WorkoutStats}) => void} onChange
   */
  async followWorkoutSessions(onChange) {
    const answer = await fetch(`${this.#api.server}${SESSIONS}/events`, { headers: this.#api.auth.headers })
      .catch((error) => { throw new Unreachable("The server cannot be reached.", { cause: error }); });
    if (!answer.ok || answer.body === null) throw new Refused(answer.status, "Changes on other devices cannot be followed: reload the page.");
    let text = "";
    const decoder = new TextDecoder();
    for (const reader = answer.body.getReader(); ;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (text + decoder.decode(value, { stream: true })).split(/\r?\n/);
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data:")) onChange(JSON.parse(line.slice("data:".length)));
    }
  }

  /** @param {string} span @returns {Promise<WorkoutSession[]>} */
  async #list(span) {
    return (await this.#api.send("GET", `${SESSIONS}${span}?first=${NEWEST}`)).items;
  }
}
