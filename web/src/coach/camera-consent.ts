/**
 * Consent dialogs before the camera is used, a video is uploaded, or health data is stored.
 * @module
 */

import { lastConsents, recordConsent, type Consent } from "../account/consent-api.ts";
import { athlete, Problem } from "../api/client.ts";
import { announce, h } from "../ui/dom.ts";
import { pageUser } from "../stores/account.ts";
import { t, textOr } from "../i18n/l10n.ts";

/** `images`: pictures are sent or recorded; `keeps`: the movement is recorded; false withdraws the consent to it */
type Wanted = {images?: boolean, keeps?: boolean};

/** Consents that the server requires for frames, for recording them, and for pictures. */
export const FRAMES = "camera_processing";
const RECORDING = "movement_recording";
const PICTURES = "images_leave_device";
const HEALTH = "health_data";

/** Code of the problem that only the athlete's consent can resolve. */
export const CONSENT_MISSING = "consent.missing";

/** The athlete's consents, as far as they are known without a connection; none on an installation without accounts. @throws {Problem} */
async function consents(): Promise<Consent[]> {
  await athlete();
  return pageUser() === null ? [] : lastConsents();
}

/** Whether the athlete has withdrawn the consent to record movements, as far as this is known. @throws {Problem} */
export async function hasStoppedRecording() {
  try {
    return (await consents()).some(({ purpose, given, at }) => purpose === RECORDING && !given && at !== null);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    return false; // without a connection; the camera needs the consents before it is used
  }
}

/** @param words `otherwise`: label of the other button @returns the choice; "" if the dialog was closed */
function answerTo(missing: Consent[], { title = t("consent-before-camera"), otherwise = t("count-manually"), hint = t("consent-hint") }: {title?: string, otherwise?: string, hint?: string} = {}): Promise<"agreed" | "manual" | ""> {
  const agree = h("button", { class: "button primary", type: "submit", value: "agreed" }, t("i-agree"));
  const manual = h("button", { class: "button", type: "submit", value: "manual" }, otherwise);
  const dialog = h("dialog", { class: "modal", id: "consent", "aria-labelledby": "consent-title", "aria-describedby": "consent-words" },
    h("form", { method: "dialog" },
      h("h2", { id: "consent-title" }, title),
      h("ul", { id: "consent-words", class: "points" }, missing.map(({ purpose, text }) => h("li", null, textOr(`consent-${purpose}`, text)))),
      h("p", { class: "hint" }, hint),
      h("div", { class: "choices" }, agree, manual)));
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue as "agreed" | "manual" | "");
    });
    dialog.showModal();
  });
}

/**
 * Ask for the consents that are missing, and withdraw the one to record movements if it is not wanted.
 * @returns "manual": train without a camera; "": the dialog was closed
 * @throws {Problem}
 */
export async function cameraConsent({ images = false, keeps }: Wanted = {}): Promise<"agreed" | "manual" | ""> {
  const all = await consents();
  const unwanted = keeps !== false ? undefined : all.find(({ purpose, given }) => purpose === RECORDING && given);
  if (unwanted) await recordConsent(unwanted, false);
  const needed = [FRAMES, ...(keeps ? [RECORDING] : []), ...(images ? [PICTURES] : [])];
  const missing = needed.flatMap((purpose) => all.filter((each) => each.purpose === purpose && !each.given));
  if (missing.length === 0) return "agreed";
  const answer = await answerTo(missing);
  if (answer !== "agreed") return answer;
  for (const consent of missing) await recordConsent(consent, true);
  announce(t("consent-agreed"));
  return "agreed";
}

/** Ask for the consent to upload videos. @returns whether the athlete agreed @throws {Problem} */
export function uploadConsent(): Promise<boolean> {
  return consentTo(PICTURES, { title: t("consent-before-upload") });
}

/** Ask for the consent to store health data. @param words of the dialog @returns whether the athlete agreed @throws {Problem} */
export function healthConsent(words: {title: string, hint: string}): Promise<boolean> {
  return consentTo(HEALTH, words);
}

/** Ask for a consent. @param wanted its purpose @param words of the dialog @returns whether the athlete agreed @throws {Problem} */
export async function consentTo(wanted: string, words: {title: string, hint?: string}) {
  const missing = (await consents()).filter(({ purpose, given }) => purpose === wanted && !given);
  if (missing.length === 0) return true;
  if ((await answerTo(missing, { otherwise: t("not-now"), ...words })) !== "agreed") return false;
  for (const consent of missing) await recordConsent(consent, true);
  return true;
}
