/**
 * Records panel: personal records per exercise, each with a link to its session.
 * @module
 */

import * as api from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { day, length, number, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { weight, type Units } from "../i18n/units.ts";
import { RECORDS } from "../api/queries.ts";
import { Panel } from "./panel.ts";
import { MEASURES } from "./sums.ts";
import { sessionListUrl, sessionUrl } from "./filters.ts";
import type { Result } from "../api/graphql.ts";

/** Maximum number of exercises per query. */
const AT_ONCE = 50;

export type Progress = Result<typeof RECORDS>["exerciseProgress"][number];
type Best = NonNullable<Progress["mostRepetitions"]>;
type Text = (value: number) => string;

/** Load the progress in all exercises that the athlete has performed, those with most sessions first. */
export async function progressIn(athlete: string, exercises: string[]): Promise<Progress[]> {
  const progress: Progress[] = [];
  for (let at = 0; at < exercises.length; at += AT_ONCE) {
    const result = await api.graphql(RECORDS, { athlete, exercises: exercises.slice(at, at + AT_ONCE) });
    progress.push(...result.exerciseProgress);
  }
  return progress.sort((a, b) => b.sessions - a.sessions || a.exerciseId.localeCompare(b.exerciseId));
}

/** The panel #records. */
export class RecordsPanel {
  panel: Panel;

  constructor() {
    this.panel = new Panel(byId("records-body"));
  }

  show(loadProgress: () => Promise<Progress[]>, context: {exercises: Map<string, api.Exercise>, units: Units}) {
    return this.panel.fill(loadProgress, (progress) => {
      if (!progress.length) return [h("p", { class: "muted" }, t("history-no-records"))];
      return [h("ul", { class: "records" }, progress.map((each) => card(each, context)))];
    });
  }
}

function card(progress: Progress, { exercises, units }: {exercises: Map<string, api.Exercise>, units: Units}) {
  return h("li", null,
    h("h3", null, exercises.get(progress.exerciseId)?.name ?? words(progress.exerciseId)),
    h("p", { class: "muted" }, h("a", { href: sessionListUrl({ exercise: progress.exerciseId }) }, t("count-sessions", { count: progress.sessions }))),
    h("dl", { class: "totals-now" },
      fact(t("history-most-reps"), number, progress.mostRepetitions, progress.mostVerifiedRepetitions),
      fact(t("history-heaviest-set"), (kg) => weight(kg, units), progress.heaviestKg, progress.heaviestVerifiedKg),
      fact(t("history-longest-hold"), length, progress.longestHoldMs, progress.longestVerifiedHoldMs),
      fact(t("history-best-form"), MEASURES.form.text, progress.bestForm, progress.bestForm)));
}

/** A record, and that of verified results where it is another. */
function fact(name: string, text: Text, best: Best | null, verified: Best | null) {
  if (!best) return null;
  const isVerified = best.best === verified?.best;
  return h("div", null, h("dt", null, name),
    h("dd", null, result(text, best), !isVerified && h("small", null, t("history-logged"))),
    !isVerified && verified && h("dd", null, result(text, verified), h("small", null, t("history-verified-record"))));
}

function result(text: Text, best: Best) {
  return [h("a", { href: sessionUrl(best.sessionId) }, text(best.best)), h("small", null, h("time", { datetime: best.at }, day(best.at)))];
}
