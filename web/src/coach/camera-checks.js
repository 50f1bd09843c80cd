/**
 * The five checks before a camera can count: permission, light, whole body, view angle, one person.
 * @module
 */

/** @typedef {"green" | "red" | "waiting"} LightState */
/** @typedef {{id: "permission" | "light" | "body" | "view" | "people", state: LightState, name: string, advice: string}} Light */
/** @typedef {{inFrame: boolean, view: string | null, people: number}} Look what one frame shows */

/** Mean gray, 0..255. Below it landmarks become unstable; above it clothes and wall are equally white. */
const LEAST_GREY = 40;
const MOST_GREY = 235;

/** Number of frames to remember, about two thirds of a second, so that the checks do not flicker. */
const REMEMBERED = 20;

/** Share of the remembered frames that must pass a check. */
const MOST = 0.7;

const VIEW_WORDS = { front: "from the front", side: "from the side", oblique: "at an angle", rear: "from behind" };

/** Checks the latest frames. */
export class Lights {
  /** @type {Look[]} */
  #looks = [];
  /** @type {number | null} */
  #grey = null;
  #permitted = false;
  #views;

  /** @param {string[]} views views from which the exercise can be counted */
  constructor(views) {
    this.#views = views;
  }

  /** @param {boolean} permitted */
  permit(permitted) {
    this.#permitted = permitted;
    if (!permitted) this.#looks = [];
  }

  /** @param {number | null} grey mean of the picture, 0..255; null if there is none */
  measure(grey) {
    this.#grey = grey;
  }

  /** @param {Look} look */
  see(look) {
    this.#looks.push(look);
    if (this.#looks.length > REMEMBERED) this.#looks.shift();
  }

  /** @returns {Light[]} always five, in the order in which to fix them */
  read() {
    return [this.#permission(), this.#light(), this.#body(), this.#view(), this.#people()];
  }

  /** @returns {Light} */
  #permission() {
    return { id: "permission", state: this.#permitted ? "green" : "red", name: "Camera", advice: "Allow this page to use the camera." };
  }

  /** @returns {Light} */
  #light() {
    const grey = this.#grey;
    const state = grey === null ? "waiting" : grey >= LEAST_GREY && grey <= MOST_GREY ? "green" : "red";
    return { id: "light", state, name: "Light", advice: grey !== null && grey > MOST_GREY ? "Too bright. Turn away from the window." : "Too dark. Switch on a light." };
  }

  /** @returns {Light} */
  #body() {
    return { id: "body", state: this.#most((look) => look.inFrame), name: "Whole body", advice: "Step back until you are in the picture from head to feet." };
  }

  /** @returns {Light} */
  #view() {
    const wanted = this.#views.map((view) => VIEW_WORDS[view] ?? view).join(" or ");
    const state = this.#most((look) => look.view !== null && this.#views.includes(look.view));
    return { id: "view", state, name: "Angle", advice: `The camera must see you ${wanted}.` };
  }

  /** @returns {Light} */
  #people() {
    const several = this.#looks.some((look) => look.people > 1);
    return { id: "people", state: this.#most((look) => look.people === 1), name: "One person", advice: several ? "More than one person is in the picture." : "No person is in the picture yet." };
  }

  /** @param {(look: Look) => boolean} right @returns {LightState} */
  #most(right) {
    if (this.#looks.length < REMEMBERED / 2) return "waiting";
    return this.#looks.filter(right).length >= MOST * this.#looks.length ? "green" : "red";
  }
}
