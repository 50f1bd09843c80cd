/**
 * Completed workouts at a linked cloud: how far each is, and what the cloud cannot hold.
 * @module
 */

import { moment } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../api/client.js").Schemas["WorkoutWrite"]} WorkoutWrite */

/** States in words. @type {Record<WorkoutWrite["state"], string>} */
const STATES = {
  processing: t("health-write-processing"),
  retrying: t("health-write-retrying"),
  written: t("health-write-written"),
  refused: t("health-write-refused"),
};

/** Reasons by code. @type {Record<string, string>} */
const REASONS = {
  duplicate: t("health-write-duplicate"),
  unreadable_there: t("health-write-unreadable"),
  "health.cloud_unavailable": t("health-cloud-unavailable"),
  "health.cloud_forbidden": t("health-write-forbidden"),
  "health.cloud_answer_unreadable": t("health-write-no-answer"),
};

/** What a cloud cannot hold. @type {Record<WorkoutWrite["left"][number], string>} */
const LEFT = { form: t("health-left-form"), set_times: t("health-left-set-times"), sets_as_data: t("health-left-sets") };

/** The workouts of a cloud, the newest first; null if there are none. @param {WorkoutWrite[]} workouts */
export function workoutWrites(workouts) {
  if (!workouts.length) return null;
  return h("details", { class: "workout-writes" },
    h("summary", null, t("health-writes", { count: workouts.length })),
    h("ul", { class: "health-sources" }, workouts.map((each) => h("li", null,
      h("a", { href: `/#session=${encodeURIComponent(each.sessionId)}` }, moment(each.at)),
      h("p", { class: each.state === "refused" ? "wrong" : "" }, STATES[each.state], each.reason !== null && [" ", REASONS[each.reason] ?? ""]),
      each.left.length > 0 && h("p", { class: "muted" }, t("health-left", { parts: each.left.map((part) => LEFT[part]).join(", ") }))))));
}
