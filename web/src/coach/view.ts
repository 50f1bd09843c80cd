/**
 * Rendering of the coach page from the training store.
 * @module
 */

import { byId, write } from "../ui/dom.ts";
import { clock, length } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { Workout } from "../stores/workout.ts";
import type { Definition } from "../api/client.ts";

const MODES = { live: t("counted-both"), degraded: t("counted-here"), device: t("counted-here"), offline: t("counted-here") };

/** Describe the connection to the server; "" if it is fine. @param kept text about buffered data */
function linkWords({ mode, link }: Pick<Workout, "mode" | "link">, kept = "") {
  if (link === "live") return "";
  if (mode === "manual") return link === "offline" ? t("lost-kept") : "";
  if (link === "offline") return t("lost-continue", { kept });
  return link === "degraded" ? t("analysis-slow") : t("device-counts");
}

/** Show the connection state: with what waits to be sent for sighted users, without it for screen readers. */
export function showLinkStatus(state: Pick<Workout, "mode" | "link" | "bufferedS" | "waiting">) {
  const { link, bufferedS, waiting } = state;
  const frames = waiting > 0 && bufferedS === 0 ? "" : `${t("buffered", { length: length(1000 * bufferedS) })} `;
  const changes = link === "offline" && waiting > 0 ? ` ${t("waiting-changes", { count: waiting })}` : "";
  write("link", linkWords(state, frames) + changes);
  write("link-status", linkWords(state));
}

/** Say that the device is too slow to judge form, while the camera counts. */
export function showSlow({ isSlow, mode }: Pick<Workout, "isSlow" | "mode">) {
  write("slow", isSlow && mode !== "manual" ? t("device-too-slow") : "");
}

/** The exercise whose camera placement is shown. */
let placed: Definition | null = null;

/** @param definition of the exercise */
export function render(state: Workout, definition: Definition | null) {
  const { stage, mode, paused, set } = state;
  const manual = mode === "manual";
  const counting = stage === "counting";
  byId("setup").hidden = stage !== "setup";
  byId("training").hidden = stage === "setup";
  byId("training").toggleAttribute("data-quiet", !manual && state.link === "live" && !state.images && !state.keepsVideo);
  byId("preflight").hidden = manual || !(stage === "preflight" || stage === "rest");
  byId("active-set").hidden = !(counting || stage === "countdown");
  byId("rest-panel").hidden = stage !== "rest";
  byId("recording").hidden = manual || !(counting || stage === "rest");
  byId("form").hidden = byId("phase").hidden = byId("cues").hidden = manual;
  byId("count").hidden = !(counting && manual && definition?.kind !== "hold");
  byId("set-time").hidden = !(counting && manual);
  write("set-time", clock(state.elapsedS));
  byId("override-checks").hidden = manual || !state.armed;
  byId("undo").hidden = !counting;
  byId<"button">("undo").disabled = !counting || state.repetitions === 0;
  byId<"button">("pause").disabled = !counting;
  byId("pause").setAttribute("aria-pressed", String(paused));
  write("start", counting ? t("stop-set") : stage === "countdown" || state.armed ? t("cancel") : t("start-set"));
  write("active-set-title", `${t(paused ? "set-number-paused" : "set-number", { set: counting ? set : set + 1 })}${definition ? `: ${definition.name}` : ""}`);
  write("mode", manual ? t("counted-manually") : `${MODES[state.link]}${state.images ? t("mode-pictures") : ""}${state.keepsVideo ? t("mode-filmed") : ""}`);
  showLinkStatus(state);
  measure(state, definition);
  if (definition && definition !== placed) byId<"camera-place">("place-now").show(placed = definition);
}

function measure(state: Workout, definition: Definition | null) {
  const hold = definition?.kind === "hold";
  if (hold) byId<"rep-counter">("counter").hold(state.heldMs, state.target);
  else byId<"rep-counter">("counter").show(state.repetitions, state.target);
  byId<"phase-bar">("phase").of(state.exercise, hold ? "hold" : "repetitions");
  byId<"phase-bar">("phase").show(state.phase);
  byId<"form-meter">("form").show(state.form);
  showSlow(state);
}
