/**
 * Account deletion: request and cancel.
 * @module
 */

import { athlete, Problem, request, send, type Schemas } from "../api/client.ts";
import { forgetPositions } from "../content/last-position.ts";
import { byId, h } from "../ui/dom.ts";
import { moment } from "../i18n/format.ts";
import { onSubmit } from "../ui/forms.ts";
import { showFailedChange } from "./failed-change.ts";
import { deleteAllSessions, unsentSessions } from "./unsent-data.ts";
import { t } from "../i18n/l10n.ts";

const PATH = "/v1/me/erasure";

type Erasure = Schemas["ErasureStatus"];

/** @returns null if there is no request */
async function loadErasure(): Promise<Erasure | null> {
  try {
    return await request(PATH);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

function show(erasure: Erasure | null) {
  byId("erasure").hidden = erasure !== null;
  byId("keep-account").hidden = erasure?.state !== "waiting";
  byId("erasure-state").textContent = erasure === null ? "" : words(erasure);
}

function words({ state, dueAt }: Erasure) {
  if (state === "waiting") return t("erasure-waiting", { moment: moment(dueAt ?? "").textContent });
  return state === "underway" ? t("erasure-underway") : t("erasure-done");
}

/** Ask whether the account is really to be deleted. @param unsent number of sessions with unsent data */
function isConfirmed(unsent: number): Promise<boolean> {
  const dialog = h("dialog", { class: "modal", id: "confirm-erasure", "aria-labelledby": "confirm-erasure-title" },
    h("form", { method: "dialog" },
      h("h2", { id: "confirm-erasure-title" }, t("erasure-question")),
      h("p", null, t("erasure-question-what")),
      unsent > 0 ? h("p", null, t("erasure-unsent", { count: unsent })) : null,
      h("div", { class: "choices" },
        h("button", { class: "button", type: "submit", value: "" }, t("cancel")),
        h("button", { class: "button danger", type: "submit", value: "delete" }, t("delete-account")))));
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "delete"); });
    dialog.showModal();
  });
}

async function requestErasure() {
  const athleteId = await athlete();
  if (!(await isConfirmed((await unsentSessions(athleteId)).length))) return;
  const password = byId<"input">("erasure-password").value;
  await requested(await send("POST", PATH, password ? { password } : {}), athleteId);
}

/** Delete what this browser has of the athlete. */
async function deleteHere(athleteId: string) {
  forgetPositions(athleteId);
  await deleteAllSessions(athleteId);
}

async function requested(erasure: Erasure, athleteId: string) {
  show(erasure);
  await deleteHere(athleteId);
  byId<"input">("erasure-password").value = "";
  byId("keep-account").focus();
}

/** Show whether a request for deletion was stored whose answer was lost. */
async function showRequested() {
  const erasure = await loadErasure();
  if (erasure) await requested(erasure, await athlete());
}

async function cancelErasure() {
  await request(PATH, { method: "DELETE" });
  await showCanceled();
}

/** Show whether the request for deletion is canceled. */
async function showCanceled() {
  const erasure = await loadErasure();
  show(erasure);
  if (erasure) return;
  byId("erasure-state").textContent = t("erasure-canceled");
  byId("erasure-password").focus(); // the focused button is hidden now
}

/** Show the state of account deletion, and let the user request or cancel it. */
export async function showErasure() {
  onSubmit(byId<"form">("erasure"), requestErasure, (error) => void showFailedChange(error, showRequested, t("nothing-deleted")));
  byId("keep-account").addEventListener("click", () => void cancelErasure().catch((error) => showFailedChange(error, showCanceled)));
  const erasure = await loadErasure();
  show(erasure);
  if (erasure !== null && erasure.state !== "waiting") await deleteHere(await athlete()); // it was requested in another browser
}
