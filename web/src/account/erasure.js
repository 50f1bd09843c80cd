/**
 * Account deletion: request and cancel.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { byId } from "../ui/dom.js";
import { moment } from "../i18n/format.js";
import { onSubmit, showError } from "../ui/forms.js";

const PATH = "/v1/me/erasure";

/** @typedef {{state: "waiting" | "underway" | "certified", dueAt: string | null}} Erasure */

/** @returns {Promise<Erasure | null>} null if there is no request */
async function loadErasure() {
  try {
    return await request(PATH);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** @param {Erasure | null} erasure */
function show(erasure) {
  byId("erasure").hidden = erasure !== null;
  byId("keep-account").hidden = erasure?.state !== "waiting";
  byId("erasure-state").textContent = erasure === null ? "" : words(erasure);
}

/** @param {Erasure} erasure */
function words({ state, dueAt }) {
  if (state === "waiting") return `Your account will be deleted on ${moment(dueAt ?? "").textContent}. Until then you can keep it.`;
  return state === "underway" ? "Your account is being deleted." : "Your account is deleted.";
}

async function requestErasure() {
  const password = byId("erasure-password").value;
  show(await send("POST", PATH, password ? { password } : {}));
  byId("erasure-password").value = "";
  byId("keep-account").focus();
}

async function cancelErasure() {
  await request(PATH, { method: "DELETE" });
  show(await loadErasure());
  byId("erasure-state").textContent = "Your account will not be deleted.";
  byId("erasure-password").focus(); // the focused button is hidden now
}

/** Show the state of account deletion, and let the user request or cancel it. */
export async function showErasure() {
  onSubmit(byId("erasure"), requestErasure, (error) => showError(error, { kept: "Nothing was deleted." }));
  byId("keep-account").addEventListener("click", () => void cancelErasure().catch(showError));
  show(await loadErasure());
}
