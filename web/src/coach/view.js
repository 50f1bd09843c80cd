/**
 * Rendering of the coach page from the training store.
 * @module
 */

import { byId } from "../ui/dom.js";
import { length } from "../i18n/format.js";

/** @typedef {import("../stores/workout.js").Workout} Workout */

const MODES = { live: "Counted on this device and by the server", degraded: "Counted on this device", device: "Counted on this device", offline: "Counted on this device" };

/** Describe the connection to the server; "" if it is fine. @param {Pick<Workout, "mode" | "link">} state @param {string} [kept] text about buffered data */
function linkWords({ mode, link }, kept = "") {
  if (mode === "manual" || link === "live") return "";
  if (link === "offline") return `Connection lost: ${kept}you can continue.`;
  return link === "degraded" ? "Analysis is slow: counting on this device." : "Counting on this device only. You can continue.";
}

/** Show the connection state: with the buffered time for sighted users, without it for screen readers. @param {Pick<Workout, "mode" | "link" | "bufferedS">} state */
export function showLinkStatus(state) {
  write("link", linkWords(state, `${length(1000 * state.bufferedS)} buffered, `));
  write("link-status", linkWords(state));
}

/** Set a text only if it changes, so that screen readers announce it once. @param {string} id @param {string} text */
export function write(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/** The exercise whose camera placement is shown. @type {any} */
let placed = null;

/** @param {Workout} state @param {any} definition of the exercise */
export function render(state, definition) {
  const { stage, mode, paused, set } = state;
  const manual = mode === "manual";
  const counting = stage === "counting";
  byId("setup").hidden = stage !== "setup";
  byId("training").hidden = stage === "setup";
  byId("preflight").hidden = manual || !(stage === "preflight" || stage === "rest");
  byId("active-set").hidden = !(counting || stage === "countdown");
  byId("rest-panel").hidden = stage !== "rest";
  byId("recording").hidden = manual || !(counting || stage === "rest");
  byId("form").hidden = byId("phase").hidden = byId("cues").hidden = manual;
  byId("count").hidden = !(counting && manual);
  byId("by-hand-now").hidden = stage !== "preflight";
  byId("override-checks").hidden = manual || !state.armed;
  byId("undo").hidden = !counting;
  byId("undo").disabled = !counting || state.repetitions === 0;
  byId("pause").disabled = !counting;
  byId("pause").setAttribute("aria-pressed", String(paused));
  write("start", counting ? "Stop set" : stage === "countdown" || state.armed ? "Cancel" : "Start set");
  write("active-set-title", `Set ${counting ? set : set + 1}${paused ? ", paused" : ""}${definition ? `: ${definition.name}` : ""}`);
  write("mode", manual ? "Counted manually" : `${MODES[state.link]}${state.images ? ", pictures are sent" : ""}`);
  showLinkStatus(state);
  measure(state, definition);
  if (definition && definition !== placed) byId("place-now").show(placed = definition);
}

/** @param {Workout} state @param {any} definition */
function measure(state, definition) {
  const hold = definition?.kind === "hold" && state.mode !== "manual";
  if (hold) byId("counter").hold(state.heldMs, state.target);
  else byId("counter").show(state.repetitions, state.target);
  byId("phase").kind = hold ? "hold" : "repetitions";
  byId("phase").show(state.phase);
  byId("form").show(state.form);
}
