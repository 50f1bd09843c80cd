/**
 * Before a camera is used, whoever has signed in agrees to what is done with its pictures.
 * @module
 */

import { athlete, request, send } from "../api/client.js";
import { announce, h, uniqueKey } from "../ui/dom.js";
import { useAccountStore } from "../stores/account.js";

/** @typedef {import("../account/consents.js").Consent} Consent */

/** What the server asks for before it takes frames, and before it takes pictures with them. */
const FRAMES = ["camera_processing"];
const PICTURES = [...FRAMES, "images_leave_device"];

/** What a refusal is called that only the athlete's word can lift. */
export const CONSENT_MISSING = "consent.missing";

/** The consents that are still to be given; none where nobody has signed in. @param {boolean} images @returns {Promise<Consent[]>} @throws {import("../api/problem.js").Problem} */
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

/** @param {Consent} consent @returns {Promise<"agreed" | "manual" | "">} what was chosen; nothing where the question was put away */
function answerTo({ text }) {
  const agree = h("button", { class: "button primary", type: "submit", value: "agreed" }, "I agree");
  const manual = h("button", { class: "button", type: "submit", value: "manual" }, "Count by hand");
  const dialog = h("dialog", { class: "over", id: "consent", "aria-labelledby": "consent-title", "aria-describedby": "consent-words" },
    h("form", { method: "dialog" },
      h("h2", { id: "consent-title" }, "Before the camera is used"),
      h("p", { id: "consent-words" }, text),
      h("p", { class: "hint" }, "You can take this back at any time on the page of your account: then no more frames are taken, and what was counted stays."),
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
 * Make sure that the camera may be used, and ask whoever has not agreed yet.
 * @param {boolean} [images] Whether its pictures are to leave the device, which is another question.
 * @returns {Promise<"agreed" | "manual" | "">} `manual`: they want to train without; nothing: they put the question away
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
