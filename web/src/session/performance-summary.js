/**
 * Performance panel of a session: score, inputs, and how the session was counted.
 * @module
 */

import { h, svg } from "../ui/dom.js";
import { counted, energy, formBadge, length, percent } from "../i18n/format.js";

const INPUTS = [["completion", "Completion"], ["form", "Form"], ["tempo", "Tempo"], ["rangeOfMotion", "Range of motion"]];

const SOURCES = { DEVICE: "the athlete's device", SERVER: "this server, live", MANUAL: "a person", FILE: "this server, from the video" };

/** @param {number | null} share 0..1 */
function bar(share) {
  return svg("svg", { class: "meter", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "meter-track", width: 100, height: 8 }),
    share !== null && svg("rect", { class: "meter-filled", width: 100 * Math.min(Math.max(share, 0), 1), height: 8 }));
}

/** @param {import("../api/client.js").Performance} performance */
function inputs(performance) {
  return h("dl", { class: "inputs" }, INPUTS.map(([name, label]) => h("div", null,
    h("dt", null, label), h("dd", null, performance[name] === null ? "not measured" : percent(performance[name])), bar(performance[name]))));
}

/** @param {any} session */
function seenShare(session) {
  return session.frames ? `${percent(session.framesWithPose / session.frames)} of ${session.frames} frames` : "no frames";
}

/** Names of the camera checks. */
const CHECKS = { light: "light", body: "whole body", view: "angle", people: "one person" };

/** Sets that were started although checks were not green, with these checks; null if none. @param {any} session */
function overridden(session) {
  const sets = session.sets.filter((set) => set.overridden.length);
  return sets.length ? sets.map((set) => `set ${set.number}: ${set.overridden.map((check) => CHECKS[check] ?? check).join(", ")}`).join("; ") : null;
}

/** How many repetitions Kinelog counted itself; null while that is not known. @param {any} session */
function verified({ repetitionCount, verifiedRepetitionCount }) {
  return repetitionCount && verifiedRepetitionCount != null ? `${verifiedRepetitionCount} of ${counted(repetitionCount, "repetition")}` : null;
}

/**
 * @param {any} session result of the query SESSION
 * @param {Map<string, import("../api/client.js").Exercise>} exercises
 * @returns {HTMLElement}
 */
export function summary(session, exercises) {
  const by = session.countedBy;
  const isSeen = by?.source !== "MANUAL";
  const target = by && exercises.get(session.exerciseId)?.name;
  const facts = [
    ["Duration", length(session.durationMs)],
    ["Energy", energy(session.caloriesKcal)],
    session.performance?.form == null && ["Form", formBadge(session.accuracy)],
    isSeen && ["Body visible", seenShare(session)],
    overridden(session) && ["Started despite failed checks", overridden(session)],
    verified(session) && ["Verified", verified(session)],
    by && ["Counted by", SOURCES[by.source] ?? by.source],
    isSeen && by?.model && ["Pose model", h("code", null, by.model)],
    by && ["Definition", `${target ?? session.exerciseId}, version ${by.definitionVersion}`],
  ].filter(Boolean);
  return h("section", { class: "panel summary", "aria-labelledby": "summary-title" },
    h("h2", { id: "summary-title" }, "Performance"),
    session.performance
      ? [h("p", { class: "big-score" }, h("b", null, Math.round(session.performance.score)), h("span", null, " of 100")), inputs(session.performance)]
      : h("p", { class: "muted" }, session.status === "COMPLETED" ? "There are not enough measurements for a score." : "The session is still in progress."),
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)))));
}
