/**
 * Ghost panel element: status of the ghost coach and the deviation of each joint.
 * @module
 */

import { h } from "../ui/dom.js";
import { counted, formShape, percent, words } from "../i18n/format.js";
import { closeness, JOINTS } from "../ghost/deviation.js";

/** @typedef {import("../ghost/deviation.js").Closeness} Closeness */

/** Minimum interval between two readings, so that the numbers can be read. */
const READ_EVERY_MS = 250;

/** Appearance of each class: shapes and colors of form. @type {Record<Closeness, {look: string, form: number | null, word: string}>} */
const LOOKS = {
  close: { look: "good", form: 1, word: "Close" }, off: { look: "fair", form: 0.7, word: "Off" },
  far: { look: "poor", form: 0, word: "Far off" }, unseen: { look: "none", form: null, word: "Not seen" },
};

/** If the athlete is turned this many degrees further than the recorded body, angles cannot be compared; below SAME_DEG they can again. */
const OTHER_DEG = 30;
const SAME_DEG = 20;

/** Weight of one reading in the smoothed view angle. */
const NEWS = 0.15;

const CAPTION = "Your joints compared with the recording";

/** Instructions by stage. @type {Record<import("../ghost/ghost-coach.js").Stage | "off", string>} */
const STAGE_WORDS = {
  off: "Starting the camera and pose detection …",
  idle: "Loading the repetition …",
  measuring: "Stand still with your whole body in the picture",
  following: "The ghost follows you",
  unseen: "Step back until your whole body is in the picture. The ghost waits for you.",
  unlike: "This part of the recording shows too little of the body. Select another repetition.",
};

/** Describe a deviation. @param {string} joint @param {number | null} degrees */
export function deviationIn(joint, degrees) {
  if (degrees === null) return "not seen";
  if (Math.abs(degrees) < 0.5) return "as recorded";
  const size = `${Math.round(Math.abs(degrees))}°`;
  if (joint === "trunk") return `${size} different lean`;
  return degrees > 0 ? `${size} more open` : `${size} more bent`;
}

/** `<ghost-panel>`: only the status is announced; the numbers are for sighted users. */
export class GhostPanel extends HTMLElement {
  #status = h("p", { class: "ghost-status", role: "status" });
  #view = h("p", { class: "ghost-view", role: "status" });
  #caption = h("caption", null, CAPTION);
  #rows = new Map(JOINTS.map((joint) => [joint, this.#row(joint)]));
  #readMs = -Infinity;
  /** Smoothed difference between the athlete's view angle and the recorded one. */
  #turned = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#status, this.#view, h("table", { class: "data joints" },
      this.#caption,
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "Joint"), h("th", { scope: "col" }, "You are"), h("th", { scope: "col" }, "Match"))),
      h("tbody", null, ...[...this.#rows.values()].map(({ row }) => row))));
  }

  /** Show that the camera is starting. */
  wait() {
    write(this.#status, STAGE_WORDS.off);
    write(this.#view, "");
    this.#turned = 0;
    for (const joint of JOINTS) this.#tell(joint, null);
  }

  /** @param {import("../ghost/ghost-coach.js").Coaching} coaching @param {number | null} recordedDeg view angle of the recorded trunk @param {number} nowMs */
  show(coaching, recordedDeg, nowMs) {
    write(this.#status, statusOf(coaching));
    if (nowMs - this.#readMs < READ_EVERY_MS) return;
    this.#readMs = nowMs;
    const isFlat = coaching.deviations.some((each) => each.isFlat);
    write(this.#caption, `${CAPTION}${isFlat ? ", in the camera's flat picture" : ""}`);
    if (coaching.turnedDeg !== null && recordedDeg !== null) this.#compare(coaching.turnedDeg - recordedDeg, isFlat);
    for (const { joint, degrees } of coaching.deviations) this.#tell(joint, degrees);
  }

  /** Explain when the angles cannot be compared because the athlete is turned differently. @param {number} furtherDeg @param {boolean} isFlat */
  #compare(furtherDeg, isFlat) {
    this.#turned += NEWS * (furtherDeg - this.#turned);
    const size = Math.abs(this.#turned);
    if (size > OTHER_DEG) write(this.#view, `Turn ${this.#turned > 0 ? "towards" : "away from"} the camera. You stand differently than in the recording, so these angles ${isFlat ? "can hardly be compared" : "are less reliable"}.`);
    else if (size < SAME_DEG) write(this.#view, "");
  }

  /** @param {string} joint */
  #row(joint) {
    const reading = h("td", { class: "number" }, "not seen");
    const match = h("td", null);
    const row = h("tr", { "data-joint": joint }, h("th", { scope: "row" }, words(joint)), reading, match);
    paint(match, "unseen");
    return { row, reading, match };
  }

  /** @param {string} joint @param {number | null} degrees */
  #tell(joint, degrees) {
    const { row, reading, match } = this.#rows.get(joint);
    write(reading, deviationIn(joint, degrees));
    const kind = closeness(degrees);
    if (degrees === null) delete row.dataset.degrees;
    else row.dataset.degrees = degrees.toFixed(1);
    if (row.dataset.kind !== kind) paint(match, kind);
    row.dataset.kind = kind;
  }
}

/** @param {import("../ghost/ghost-coach.js").Coaching} coaching */
function statusOf({ stage, share, rounds }) {
  if (stage === "measuring") return `${STAGE_WORDS.measuring}, ${percent(Math.floor(4 * share) / 4)}`; // in steps of 25 %, because screen readers read it aloud
  return stage === "following" && rounds > 0 ? `${STAGE_WORDS.following}: ${counted(rounds, "repetition")} together` : STAGE_WORDS[stage];
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} cell @param {Closeness} kind */
function paint(cell, kind) {
  const { look, form, word } = LOOKS[kind];
  cell.replaceChildren(h("span", { class: `form ${look}` }, formShape(form), word));
}

customElements.define("ghost-panel", GhostPanel);
