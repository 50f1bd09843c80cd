/**
 * What a workout came to, told once it is over.
 * @module
 */

import { exercises } from "../api.js";
import { byId } from "../dom.js";
import { summary } from "./doors.js";

/**
 * Show it; whoever comes back to the page sees whether a device has written it meanwhile (C-46).
 * @param {string} id @param {(done: Promise<void>) => void} act says in a banner what did not work
 */
export async function sumUp(id, act) {
  const told = await summary(id);
  byId("summary").show(told, await exercises());
  if (told.healthKit.status !== "pending") return;
  const again = () => {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", again);
    act(sumUp(id, act));
  };
  document.addEventListener("visibilitychange", again);
}
