/**
 * Performance panel of a session: score, inputs, and how the session was counted.
 * @module
 */

import { h, isPresent, svg } from "../ui/dom.ts";
import { energy, formBadge, length, percent, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { Exercise, Performance, Session } from "../api/client.ts";

const INPUTS: ["completion" | "form" | "tempo" | "rangeOfMotion", string][] = [["completion", t("completion")], ["form", t("form")], ["tempo", t("tempo")], ["rangeOfMotion", t("range-of-motion")]];

const SOURCES: Record<string, string> = { DEVICE: t("source-device"), SERVER: t("source-server"), MANUAL: t("source-person"), FILE: t("source-file") };

/** @param share 0..1 */
function bar(share: number | null) {
  return svg("svg", { class: "meter", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "meter-track", width: 100, height: 8 }),
    share !== null && svg("rect", { class: "meter-filled", width: 100 * Math.min(Math.max(share, 0), 1), height: 8 }));
}

function inputs(performance: Performance) {
  return h("dl", { class: "inputs" }, INPUTS.map(([name, label]) => h("div", null,
    h("dt", null, label), h("dd", null, performance[name] === null ? t("not-measured") : percent(performance[name])), bar(performance[name]))));
}

function seenShare(session: Session) {
  return t("seen-share", { share: percent(session.framesWithPose / session.frames), frames: String(session.frames) });
}

/** Names of the camera checks. */
const CHECKS: Record<string, string> = { light: t("check-light"), body: t("check-body"), view: t("check-view"), people: t("check-people") };

/** Sets that were started although checks were not green, with these checks; null if none. */
function overridden(session: {sets: {number: number, overridden: string[]}[]}) {
  const sets = session.sets.filter((set) => set.overridden.length);
  return sets.length ? sets.map((set) => t("set-checks", { set: set.number, checks: set.overridden.map((check) => CHECKS[check] ?? check).join(", ") })).join("; ") : null;
}

/** How many repetitions Kinelog counted itself; null while that is not known. */
function verified({ repetitionCount, verifiedRepetitionCount }: Session) {
  return repetitionCount && verifiedRepetitionCount != null ? t("verified-of", { verified: verifiedRepetitionCount, count: repetitionCount }) : null;
}

/** Return the panel of a session's performance. */
export function summary(session: Session, exercises: Map<string, Exercise>): HTMLElement {
  const by = session.countedBy;
  const isSeen = by?.source !== "MANUAL";
  const target = by && exercises.get(session.exerciseId ?? "")?.name;
  const facts = [
    [t("duration"), length(session.durationMs)],
    session.caloriesKcal > 0 && [t("energy"), energy(session.caloriesKcal)],
    session.performance?.form == null && [t("form"), formBadge(session.accuracy)],
    isSeen && session.frames > 0 && [t("body-visible"), seenShare(session)],
    overridden(session) && [t("started-anyway"), overridden(session)],
    verified(session) && [t("verified"), verified(session)],
    by && [t("counted-by"), SOURCES[by.source] ?? by.source],
    isSeen && by?.model && [t("pose-model"), h("code", null, by.model)],
    by && [t("definition"), t("definition-version", { exercise: target ?? words(session.exerciseId ?? ""), version: by.definitionVersion })],
  ].filter(isPresent);
  return h("section", { class: "panel summary", "aria-labelledby": "summary-title" },
    h("h2", { id: "summary-title" }, t("performance-title")),
    session.performance
      ? [h("p", { class: "big-score" }, h("b", null, Math.round(session.performance.score)), h("span", null, " ", t("of-100"))), inputs(session.performance)]
      : h("p", { class: "muted" }, session.status === "COMPLETED" ? t("no-score") : t("session-in-progress")),
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)))));
}
