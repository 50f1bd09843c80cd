/**
 * The five checks before a camera can count: permission, light, whole body, view angle, one person.
 * @module
 */

import { t } from "../i18n/l10n.ts";

type LightState = "green" | "red" | "waiting";
export type Light = {id: "permission" | "light" | "body" | "view" | "people", state: LightState, name: string, advice: string};
/** what one frame shows */
type Look = {timeMs: number, inFrame: boolean, fills: number | null, view: string | null, people: number};

/** Mean gray, 0..255. Below it landmarks become unstable; above it clothes and wall are equally white. */
const LEAST_GREY = 40;
const MOST_GREY = 235;

/** A smaller athlete is too far away: stature as a share of the picture's longer side, as in the server's framing advice. */
const SMALLEST = 0.25;

/** How long to remember frames, so that the checks do not flicker. */
const REMEMBERED_MS = 700;

/** Number of frames that decide a check; on a slow device these are remembered longer. */
const LEAST_FRAMES = 5;

/** Share of the remembered frames that must pass a check, as in the server's framing advice, so that the two agree. */
const MOST = 0.8;

const VIEW_WORDS: Record<string, string> = { front: t("view-front"), side: t("view-side"), oblique: t("view-oblique"), rear: t("view-rear") };

/** Checks the latest frames. */
export class Lights {
  #looks: Look[] = [];
  #grey: number | null = null;
  #permitted = false;
  #views;

  /** @param views views from which the exercise can be counted */
  constructor(views: string[]) {
    this.#views = views;
  }

  permit(permitted: boolean) {
    this.#permitted = permitted;
    if (!permitted) this.#looks = [];
  }

  /** @param grey mean of the picture, 0..255; null if there is none */
  measure(grey: number | null) {
    this.#grey = grey;
  }

  see(look: Look) {
    this.#looks.push(look);
    while (this.#looks.length > LEAST_FRAMES && this.#looks[0].timeMs < look.timeMs - REMEMBERED_MS) this.#looks.shift();
  }

  /** @returns always five, in the order in which to fix them */
  read(): Light[] {
    return [this.#permission(), this.#light(), this.#body(), this.#view(), this.#people()];
  }

  #permission(): Light {
    return { id: "permission", state: this.#permitted ? "green" : "red", name: t("light-camera"), advice: t("light-camera-advice") };
  }

  #light(): Light {
    const grey = this.#grey;
    const state = grey === null ? "waiting" : grey >= LEAST_GREY && grey <= MOST_GREY ? "green" : "red";
    return { id: "light", state, name: t("light-light"), advice: grey !== null && grey > MOST_GREY ? t("light-too-bright") : t("light-too-dark") };
  }

  #body(): Light {
    const isFar = this.#most(isSmall) === "green";
    const state = isFar ? "red" : this.#most((look) => look.inFrame);
    return { id: "body", state, name: t("light-body"), advice: isFar ? t("light-come-closer") : t("light-step-back") };
  }

  #view(): Light {
    const wanted = this.#views.map((view) => VIEW_WORDS[view] ?? view).join(` ${t("or")} `);
    const state = this.#most((look) => look.view !== null && this.#views.includes(look.view));
    return { id: "view", state, name: t("light-angle"), advice: t("light-angle-advice", { views: wanted }) };
  }

  #people(): Light {
    const several = this.#looks.some((look) => look.people > 1);
    return { id: "people", state: this.#most((look) => look.people === 1), name: t("light-people"), advice: several ? t("light-several") : t("light-nobody") };
  }

  #most(right: (look: Look) => boolean): LightState {
    if (this.#looks.length < LEAST_FRAMES) return "waiting";
    return this.#looks.filter(right).length >= MOST * this.#looks.length ? "green" : "red";
  }
}

function isSmall({ fills }: Look) {
  return fills !== null && fills < SMALLEST;
}
