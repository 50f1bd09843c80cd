/**
 * Five things decide whether a camera can count somebody: may it look, is there light, is the whole
 * body in the picture, does it look from the right side, and is there one person only.
 * @module
 */

/** @typedef {"green" | "red" | "waiting"} LightState */
/** @typedef {{id: "permission" | "light" | "body" | "view" | "people", state: LightState, name: string, advice: string}} Light */
/** @typedef {{inFrame: boolean, view: string | null, people: number}} Look What one frame shows. */

/** Mean grey, 0..255. Below it the pose model's landmarks tremble; above it clothes and wall are one white. */
const LEAST_GREY = 40;
const MOST_GREY = 235;

/** Frames that are looked back on: about two thirds of a second, so that no light flickers. */
const REMEMBERED = 20;

/** A light is green where most of the remembered frames are right. */
const MOST = 0.7;

const VIEW_WORDS = { front: "from the front", side: "from the side", oblique: "from half to the side", rear: "from behind" };

/** Remembers what the latest frames showed, and says it in lights. */
export class Lights {
  /** @type {Look[]} */
  #looks = [];
  /** @type {number | null} */
  #grey = null;
  #permitted = false;
  #views;

  /** @param {string[]} views From where the exercise can be counted. */
  constructor(views) {
    this.#views = views;
  }

  /** @param {boolean} permitted */
  permit(permitted) {
    this.#permitted = permitted;
    if (!permitted) this.#looks = [];
  }

  /** @param {number | null} grey The picture's mean, 0..255; null where there is none. */
  measure(grey) {
    this.#grey = grey;
  }

  /** @param {Look} look */
  see(look) {
    this.#looks.push(look);
    if (this.#looks.length > REMEMBERED) this.#looks.shift();
  }

  /** @returns {Light[]} always five, in the order they have to be put right */
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
    return { id: "light", state, name: "Light", advice: grey !== null && grey > MOST_GREY ? "Too bright: turn away from the window." : "Too dark: switch on a light." };
  }

  /** @returns {Light} */
  #body() {
    return { id: "body", state: this.#most((look) => look.inFrame), name: "Whole body", advice: "Step back until you are in the picture from head to feet." };
  }

  /** @returns {Light} */
  #view() {
    const wanted = this.#views.map((view) => VIEW_WORDS[view] ?? view).join(" or ");
    const state = this.#most((look) => look.view !== null && this.#views.includes(look.view));
    return { id: "view", state, name: "Angle", advice: `Let the camera see you ${wanted}.` };
  }

  /** @returns {Light} */
  #people() {
    const several = this.#looks.some((look) => look.people > 1);
    return { id: "people", state: this.#most((look) => look.people === 1), name: "One person", advice: several ? "Somebody else is in the picture." : "Nobody is in the picture yet." };
  }

  /** @param {(look: Look) => boolean} right @returns {LightState} */
  #most(right) {
    if (this.#looks.length < REMEMBERED / 2) return "waiting";
    return this.#looks.filter(right).length >= MOST * this.#looks.length ? "green" : "red";
  }
}
