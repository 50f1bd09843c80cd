/**
 * Authentication provider: signs in, and has the key under which sessions are stored.
 * @module
 */

/** Key where nobody signs in. */
export const ONLY_PERSON = "athlete";

/** Signs in once. Without `signIn`, requests have no token, and the key is `athlete`. */
export class AuthenticationProvider {
  #server;
  #tenant;
  /** @type {string | null} */
  #token = null;

  /** Key of the user in the pose coach: their Firebase UID, and never the id of their account. */
  uid = ONLY_PERSON;

  /** @param {string} server such as `http://127.0.0.1:8765` @param {string} [tenant] */
  constructor(server, tenant = "default") {
    this.#server = server;
    this.#tenant = tenant;
  }

  /** Get an access token, valid for ten minutes. @param {string} email @param {string} password @throws {Error} with a sentence for the user */
  async signIn(email, password) {
    const answer = await fetch(`${this.#server}/v1/auth/login`, {
      method: "POST", headers: { ...this.headers, "Content-Type": "application/json" }, body: JSON.stringify({ email, password }),
    });
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.detail);
    if (content.accessToken == null) throw new Error("This account has a second factor, which this example does not ask for.");
    this.#token = content.accessToken;
    this.uid = content.user.poseCoachUid;
  }

  /** Headers of every request. @returns {Record<string, string>} */
  get headers() {
    return { "X-Tenant-ID": this.#tenant, ...(this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` }) };
  }
}
