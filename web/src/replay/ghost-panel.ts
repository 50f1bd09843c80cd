/**
 * Ghost panel element: status of the ghost coach and the deviation of each joint.
 * @module
 */

import "./texts.ts";
import { h } from "../ui/dom.ts";
import { formShape, percent } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { closeness, JOINTS, type Closeness } from "../ghost/deviation.ts";
import type { Coaching, Stage } from "../ghost/ghost-coach.ts";

/** Minimum interval between two readings, so that the numbers can be read. */
const READ_EVERY_MS = 250;

/** Appearance of each class: shapes and colors of form. */
const LOOKS: Record<Closeness, {look: string, form: number | null, word: string}> = {
  close: { look: "good", form: 1, word: t("replay-close-match") }, off: { look: "fair", form: 0.7, word: t("replay-off") },
  far: { look: "poor", form: 0, word: t("replay-far-off") }, unseen: { look: "none", form: null, word: t("replay-not-seen") },
};

/** If the athlete is turned this many degrees further than the recorded body, angles cannot be compared; below SAME_DEG they can again. */
const OTHER_DEG = 30;
const SAME_DEG = 20;

/** Weight of one reading in the smoothed view angle. */
const NEWS = 0.15;

/** Instructions by stage. */
const STAGE_WORDS: Record<Stage | "off", string> = {
  off: t("replay-ghost-off"),
  idle: t("replay-ghost-idle"),
  measuring: t("replay-ghost-measuring"),
  following: t("replay-ghost-following"),
  unseen: t("replay-ghost-unseen"),
  unlike: t("replay-ghost-unlike"),
};

/** Name of a joint. */
export function jointName(joint: string) {
  return t(`joint-${joint}`);
}

/** Describe a deviation. */
export function deviationIn(joint: string, degrees: number | null) {
  if (degrees === null) return t("not-seen");
  if (Math.abs(degrees) < 0.5) return t("replay-as-recorded");
  const size = `${Math.round(Math.abs(degrees))}°`;
  if (joint === "trunk") return t("replay-different-lean", { size });
  return degrees > 0 ? t("replay-more-open", { size }) : t("replay-more-bent", { size });
}

/** `<ghost-panel>`: only the status is announced; the numbers are for sighted users. */
export class GhostPanel extends HTMLElement {
  #status = h("p", { class: "ghost-status", role: "status" });
  #view = h("p", { class: "ghost-view", role: "status" });
  #caption = h("caption", null, t("replay-joints"));
  #rows = new Map(JOINTS.map((joint) => [joint, this.#row(joint)]));
  #readMs = -Infinity;
  /** Smoothed difference between the athlete's view angle and the recorded one. */
  #turned = 0;

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#status, this.#view, h("table", { class: "data joints" },
      this.#caption,
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("replay-joint")), h("th", { scope: "col" }, t("replay-you-are")), h("th", { scope: "col" }, t("replay-match")))),
      h("tbody", null, ...[...this.#rows.values()].map(({ row }) => row))));
  }

  /** Show that the camera is starting. */
  wait() {
    write(this.#status, STAGE_WORDS.off);
    write(this.#view, "");
    this.#turned = 0;
    for (const joint of JOINTS) this.#tell(joint, null);
  }

  /** @param recordedDeg view angle of the recorded trunk */
  show(coaching: Coaching, recordedDeg: number | null, nowMs: number) {
    write(this.#status, statusOf(coaching));
    if (nowMs - this.#readMs < READ_EVERY_MS) return;
    this.#readMs = nowMs;
    const isFlat = coaching.deviations.some((each) => each.isFlat);
    write(this.#caption, isFlat ? t("replay-joints-flat") : t("replay-joints"));
    if (coaching.turnedDeg !== null && recordedDeg !== null) this.#compare(coaching.turnedDeg - recordedDeg, isFlat);
    for (const { joint, degrees } of coaching.deviations) this.#tell(joint, degrees);
  }

  /** Explain when the angles cannot be compared because the athlete is turned differently. */
  #compare(furtherDeg: number, isFlat: boolean) {
    this.#turned += NEWS * (furtherDeg - this.#turned);
    const size = Math.abs(this.#turned);
    if (size > OTHER_DEG) write(this.#view, `${this.#turned > 0 ? t("replay-turn-towards") : t("replay-turn-away")} ${isFlat ? t("replay-angles-flat") : t("replay-angles-unsure")}`);
    else if (size < SAME_DEG) write(this.#view, "");
  }

  #row(joint: string) {
    const reading = h("td", { class: "number" }, t("not-seen"));
    const match = h("td", null);
    const row = h("tr", { "data-joint": joint }, h("th", { scope: "row" }, jointName(joint)), reading, match);
    paint(match, "unseen");
    return { row, reading, match };
  }

  #tell(joint: string, degrees: number | null) {
    const shown = this.#rows.get(joint);
    if (!shown) return;
    const { row, reading, match } = shown;
    write(reading, deviationIn(joint, degrees));
    const kind = closeness(degrees);
    if (degrees === null) delete row.dataset.degrees;
    else row.dataset.degrees = degrees.toFixed(1);
    if (row.dataset.kind !== kind) paint(match, kind);
    row.dataset.kind = kind;
  }
}

function statusOf({ stage, share, rounds }: Coaching) {
  if (stage === "measuring") return t("replay-ghost-measured", { share: percent(Math.floor(4 * share) / 4) }); // in steps of 25 %, because screen readers read it aloud
  return stage === "following" && rounds > 0 ? t("replay-ghost-together", { count: rounds }) : STAGE_WORDS[stage];
}

function write(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text;
}

function paint(cell: HTMLElement, kind: Closeness) {
  const { look, form, word } = LOOKS[kind];
  cell.replaceChildren(h("span", { class: `form ${look}` }, formShape(form), word));
}

customElements.define("ghost-panel", GhostPanel);

declare global {
  interface HTMLElementTagNameMap { "ghost-panel": GhostPanel }
}
