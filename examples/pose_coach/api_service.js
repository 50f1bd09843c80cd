/**
 * API service: sends requests, and the summary of a workout to the backend.
 * @module
 */

/** @typedef {{exercise: string, reps: number, accuracy: number, timestamp: string, duration: number, feedbackPoints: string[]}} Workout */

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;

/** The server refused a request: to send it again would change nothing. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The server could not be reached, or not do it now. The request may be sent again. */
export class Unreachable extends Error {}

/** Sends requests for the user of an authentication provider. */
export class ApiService {
  /** @param {string} server @param {import("./authentication_provider.js").AuthenticationProvider} auth */
  constructor(server, auth) {
    this.server = server;
    this.auth = auth;
  }

  /** Save a workout in the backend, and return the feedback on it. @param {Workout} workout @returns {Promise<string>} */
  async sendPoseSummary({ feedbackPoints, ...workout }) {
    const body = { user_id: this.auth.uid, ...workout, feedback_points: feedbackPoints };
    return (await this.send("POST", "/api/workout/pose-summary", body)).motivational_feedback;
  }

  /**
   * Send a request, and again with the same key while the server cannot be reached.
   * @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} @throws {Refused | Unreachable}
   */
  async send(method, path, body) {
    const headers = { ...this.auth.headers, "Idempotency-Key": crypto.randomUUID(), "Content-Type": "application/json" };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(method, path, headers, body);
      } catch (error) {
        if (!(error instanceof Unreachable) || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => { setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)); });
      }
    }
  }

  /** @param {string} method @param {string} path @param {Record<string, string>} headers @param {unknown} body */
  async #once(method, path, headers, body) {
    const answer = await fetch(this.server + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
      .catch((error) => { throw new Unreachable("The server cannot be reached.", { cause: error }); });
    const content = await answer.json().catch(() => ({}));
    if (answer.ok) return content;
    if (answer.status >= 500 || answer.status === 429) throw new Unreachable(content.detail ?? "The server is not available.");
    throw new Refused(answer.status, content.detail ?? answer.statusText);
  }
}
