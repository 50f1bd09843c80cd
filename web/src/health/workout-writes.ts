/**
 * Completed workouts at a linked cloud: how far each is, and what the cloud cannot hold.
 * @module
 */

import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";
import type { Schemas } from "../api/client.ts";

type WorkoutWrite = Schemas["WorkoutWrite"];

/** States in words. */
const STATES: Record<WorkoutWrite["state"], string> = {
  processing: t("health-write-processing"),
  retrying: t("health-write-retrying"),
  written: t("health-write-written"),
  refused: t("health-write-refused"),
};

/** Reasons by code. */
const REASONS: Record<string, string> = {
  duplicate: t("health-write-duplicate"),
  unreadable_there: t("health-write-unreadable"),
  "health.cloud_unavailable": t("health-cloud-unavailable"),
  "health.cloud_forbidden": t("health-write-forbidden"),
  "health.cloud_answer_unreadable": t("health-write-no-answer"),
};

/** What a cloud cannot hold. */
const LEFT: Record<WorkoutWrite["left"][number], string> = { form: t("health-left-form"), set_times: t("health-left-set-times"), sets_as_data: t("health-left-sets") };

/** The workouts of a cloud, the newest first; null if there are none. */
export function workoutWrites(workouts: WorkoutWrite[]) {
  if (!workouts.length) return null;
  return h("details", { class: "workout-writes" },
    h("summary", null, t("health-writes", { count: workouts.length })),
    h("ul", { class: "health-sources" }, workouts.map((each) => h("li", null,
      h("a", { href: `/#session=${encodeURIComponent(each.sessionId)}` }, moment(each.at)),
      h("p", { class: each.state === "refused" ? "wrong" : "" }, STATES[each.state], each.reason !== null && [" ", REASONS[each.reason] ?? ""]),
      each.left.length > 0 && h("p", { class: "muted" }, t("health-left", { parts: each.left.map((part) => LEFT[part]).join(", ") }))))));
}
