/**
 * What a workout came to, told once it is over.
 * @module
 */

import { exercises } from "../api/client.js";
import { announce, byId } from "../ui/dom.js";
import { units } from "../i18n/units.js";
import { summary } from "../workouts/workout-api.js";

/**
 * Show what a workout came to, and go there.
 * @param {string} id @param {(done: Promise<void>) => void} act says in a banner what did not work
 */
export async function tellResults(id, act) {
  byId("link").hidden = byId("link-told").hidden = true;
  await sumUp(id, act);
  byId("open").href = `/#session=${encodeURIComponent(id)}`;
  announce("Your workout is done.");
  byId("title").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/**
 * Show it; whoever comes back to the page sees whether a device has written it meanwhile (C-46).
 * @param {string} id @param {(done: Promise<void>) => void} act says in a banner what did not work
 */
async function sumUp(id, act) {
  const [told, known, measured] = await Promise.all([summary(id), exercises(), units()]);
  byId("summary").show(told, known, measured);
  if (told.healthKit.status !== "pending") return;
  const again = () => {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", again);
    act(sumUp(id, act));
  };
  document.addEventListener("visibilitychange", again);
}
