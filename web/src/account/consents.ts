/**
 * Consents of the account page.
 * @module
 */

import { athlete } from "../api/client.ts";
import { announce, byId, h } from "../ui/dom.ts";
import { day } from "../i18n/format.ts";
import { showError } from "../ui/forms.ts";
import { consents, recordConsent, type Consent } from "./consent-api.ts";
import { showFailedChange } from "./failed-change.ts";
import { settleUnsentData } from "./unsent-data.ts";
import { t, textOr } from "../i18n/l10n.ts";

/** Consents without which the server refuses what this browser has not sent. */
const NEEDED_TO_SEND = new Set(["camera_processing", "movement_recording", "images_leave_device"]);

/** What to do with that data after such a consent is withdrawn. */
const WITHDRAWN = {
  hint: t("unsent-hint-consent"),
  keep: t("unsent-keep-here"),
  delete: t("unsent-delete"),
};

function since({ given, givenVersion, at, version }: Consent) {
  if (!given || !at) return "";
  return givenVersion === version ? t("consent-agreed-on", { day: day(at) }) : t("consent-agreed-earlier", { day: day(at) });
}

const isCurrent = ({ given, givenVersion, version }: Consent) => given && givenVersion === version;

function line(consent: Consent) {
  const box = h("input", { type: "checkbox", checked: isCurrent(consent), "aria-describedby": `since-${consent.purpose}` });
  const hint = h("p", { id: `since-${consent.purpose}`, class: "hint" }, since(consent));
  box.addEventListener("change", () => void say(consent, box, hint));
  return h("li", null, h("label", { class: "check" }, box, textOr(`consent-${consent.purpose}`, consent.text)), hint);
}

async function say(consent: Consent, box: HTMLInputElement, hint: HTMLElement) {
  const { purpose } = consent;
  const given = box.checked;
  box.disabled = true; // the response answers this change
  try {
    const recorded = (await recordConsent(consent, given)).find((each) => each.purpose === purpose);
    if (recorded) hint.textContent = since(recorded);
    announce(given ? t("consent-agreed") : t("consent-withdrawn"));
  } catch (error) {
    box.checked = !given;
    await showFailedChange(error, async () => {
      const stored = (await consents()).find((each) => each.purpose === purpose);
      if (stored) [box.checked, hint.textContent] = [isCurrent(stored), since(stored)];
    }, t("consents-unchanged"));
  } finally {
    box.disabled = false;
    if (document.activeElement === document.body) box.focus();
  }
  if (!given && !box.checked && NEEDED_TO_SEND.has(purpose)) await settleUnsentData(await athlete(), WITHDRAWN, false).catch(showError);
}

/** List all consents. */
export async function showConsents() {
  byId("consent-list").replaceChildren(...(await consents()).map(line));
}
