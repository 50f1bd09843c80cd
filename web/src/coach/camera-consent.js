/**
 * Consent dialogs before the camera is used.
 * @module
 */

import { athlete, request, send } from "../api/client.js";
import { announce, h, uniqueKey } from "../ui/dom.js";
import { useAccountStore } from "../stores/account.js";

/** @typedef {import("../account/consents.js").Consent} Consent */

/** Consents that the server requires for frames, and for pictures with them. */
const FRAMES = ["camera_processing"];
const PICTURES = [...FRAMES, "images_leave_device"];

/** Code of the problem that only the athlete's consent can resolve. */
export const CONSENT_MISSING = "consent.missing";

/** List the missing consents; none if nobody has signed in. @param {boolean} images @returns {Promise<Consent[]>} @throws {import("../api/problem.js").Problem} */
async function missing(images) {
  await athlete();
  if (!useAccountStore.get().user) return [];
  const { items } = await request("/v1/me/consents");
  return (images ? PICTURES : FRAMES).flatMap((purpose) => items.filter((each) => each.purpose === purpose && !each.given));
}

/** @param {Consent} consent @throws {import("../api/problem.js").Problem} */
async function give({ purpose, version }) {
  await send("PUT", "/v1/me/consents", { purpose, given: true, version }, { "Idempotency-Key": uniqueKey() });
  announce("Agreed.");
}

/** @param {Consent} consent @returns {Promise<"agreed" | "manual" | "">} the choice; "" if the dialog was closed */
function answerTo({ text }) {
  const agree = h("button", { class: "button primary", type: "submit", value: "agreed" }, "I agree");
  const manual = h("button", { class: "button", type: "submit", value: "manual" }, "Count manually");
  const dialog = h("dialog", { class: "modal", id: "consent", "aria-labelledby": "consent-title", "aria-describedby": "consent-words" },
    h("form", { method: "dialog" },
      h("h2", { id: "consent-title" }, "Before the camera is used"),
      h("p", { id: "consent-words" }, text),
      h("p", { class: "hint" }, "You can withdraw your consent at any time on the account page. No more frames are processed then; your counted repetitions stay."),
      h("div", { class: "choices" }, agree, manual)));
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(/** @type {"agreed" | "manual" | ""} */ (dialog.returnValue));
    });
    dialog.showModal();
  });
}

/**
 * Ask for the consents that are missing.
 * @param {boolean} [images] whether pictures are sent, too, which needs another consent
 * @returns {Promise<"agreed" | "manual" | "">} "manual": train without a camera; "": the dialog was closed
 * @throws {import("../api/problem.js").Problem}
 */
export async function cameraConsent(images = false) {
  for (const consent of await missing(images)) {
    const answer = await answerTo(consent);
    if (answer !== "agreed") return answer;
    await give(consent);
  }
  return "agreed";
}
