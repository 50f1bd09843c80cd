/**
 * How somebody wants to be coached.
 * @module
 */

import { byId } from "../ui/dom.js";
import { showKept } from "./versioned-form.js";

/** Show the preferences, and keep what is changed. */
export function showCues() {
  return showKept({
    form: "cues",
    path: "/v1/me/cue-preferences",
    show({ frequency, verbosity, praise }) {
      byId("frequency").value = frequency;
      byId("verbosity").value = verbosity;
      byId("praise").checked = praise;
    },
    read: (wishes) => ({ ...wishes, frequency: byId("frequency").value, verbosity: byId("verbosity").value, praise: byId("praise").checked }),
    kept: "Kept. It counts from your next set on.",
    now: "This is how you are coached now.",
  });
}
