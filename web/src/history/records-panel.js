/**
 * Records panel: personal records per exercise, each with a link to its session.
 * @module
 */

import * as api from "../api/client.js";
import { byId, h } from "../ui/dom.js";
import { day, length, number, words } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { weight } from "../i18n/units.js";
import { RECORDS } from "../api/queries.js";
import { Panel } from "./panel.js";
import { MEASURES } from "./sums.js";
import { sessionListUrl, sessionUrl } from "./filters.js";

/** Maximum number of exercises per query. */
const AT_ONCE = 50;

/** @typedef {import("../api/graphql.js").Result<typeof RECORDS>["exerciseProgress"][number]} Progress */
/** @typedef {NonNullable<Progress["mostRepetitions"]>} Best */
/** @typedef {(value: number) => string} Text */

/** Load the progress in all exercises that the athlete has performed, those with most sessions first. @param {string} athlete @param {string[]} exercises @returns {Promise<Progress[]>} */
export async function progressIn(athlete, exercises) {
  /** @type {Progress[]} */
  const progress = [];
  for (let at = 0; at < exercises.length; at += AT_ONCE) {
    const result = await api.graphql(RECORDS, { athlete, exercises: exercises.slice(at, at + AT_ONCE) });
    progress.push(...result.exerciseProgress);
  }
  return progress.sort((a, b) => b.sessions - a.sessions || a.exerciseId.localeCompare(b.exerciseId));
}

/** The panel #records. */
export class RecordsPanel {
  constructor() {
    this.panel = new Panel(byId("records-body"));
  }

  /** @param {() => Promise<Progress[]>} loadProgress @param {{exercises: Map<string, api.Exercise>, units: import("../i18n/units.js").Units}} context */
  show(loadProgress, context) {
    return this.panel.fill(loadProgress, (progress) => {
      if (!progress.length) return [h("p", { class: "muted" }, t("history-no-records"))];
      return [h("ul", { class: "records" }, progress.map((each) => card(each, context)))];
    });
  }
}

/** @param {Progress} progress @param {{exercises: Map<string, api.Exercise>, units: import("../i18n/units.js").Units}} context */
function card(progress, { exercises, units }) {
  return h("li", null,
    h("h3", null, exercises.get(progress.exerciseId)?.name ?? words(progress.exerciseId)),
    h("p", { class: "muted" }, h("a", { href: sessionListUrl({ exercise: progress.exerciseId }) }, t("count-sessions", { count: progress.sessions }))),
    h("dl", { class: "totals-now" },
      fact(t("history-most-reps"), number, progress.mostRepetitions, progress.mostVerifiedRepetitions),
      fact(t("history-heaviest-set"), (kg) => weight(kg, units), progress.heaviestKg, progress.heaviestVerifiedKg),
      fact(t("history-longest-hold"), length, progress.longestHoldMs, progress.longestVerifiedHoldMs),
      fact(t("history-best-form"), MEASURES.form.text, progress.bestForm, progress.bestForm)));
}

/**
 * A record, and that of verified results where it is another.
 * @param {string} name @param {Text} text @param {Best | null} best @param {Best | null} verified
 */
function fact(name, text, best, verified) {
  if (!best) return null;
  const isVerified = best.best === verified?.best;
  return h("div", null, h("dt", null, name),
    h("dd", null, result(text, best), !isVerified && h("small", null, t("history-logged"))),
    !isVerified && verified && h("dd", null, result(text, verified), h("small", null, t("history-verified-record"))));
}

/** @param {Text} text @param {Best} best */
function result(text, best) {
  return [h("a", { href: sessionUrl(best.sessionId) }, text(best.best)), h("small", null, h("time", { datetime: best.at }, day(best.at)))];
}
