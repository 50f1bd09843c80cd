/**
 * Consents of the account page.
 * @module
 */

import { request, send } from "../api/client.js";
import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { day } from "../i18n/format.js";
import { showError } from "../ui/forms.js";

/** @typedef {{purpose: string, given: boolean, givenVersion: string | null, at: string | null, version: string, text: string}} Consent */

/** @param {Consent} consent */
function since({ given, givenVersion, at, version }) {
  if (!given || !at) return "";
  return givenVersion === version ? `Agreed on ${day(at)}.` : `Agreed on ${day(at)} to an earlier version. Read this one and agree again.`;
}

/** @param {Consent} consent */
function line(consent) {
  const outdated = consent.given && consent.givenVersion !== consent.version;
  const box = h("input", { type: "checkbox", checked: consent.given && !outdated, "aria-describedby": `since-${consent.purpose}` });
  const hint = h("p", { id: `since-${consent.purpose}`, class: "hint" }, since(consent));
  box.addEventListener("change", () => void say(consent, box, hint));
  return h("li", null, h("label", { class: "check" }, box, consent.text), hint);
}

/** @param {Consent} consent @param {HTMLInputElement} box @param {HTMLElement} hint */
async function say({ purpose, version }, box, hint) {
  const given = box.checked;
  box.disabled = true; // the response answers this change
  try {
    const { items } = await send("PUT", "/v1/me/consents", { purpose, given, version }, { "Idempotency-Key": uniqueKey() });
    hint.textContent = since(items.find((each) => each.purpose === purpose));
    announce(given ? "Agreed." : "Withdrawn.");
  } catch (error) {
    box.checked = !given;
    showError(error, { kept: "Your consents are unchanged." });
  } finally {
    box.disabled = false;
    if (document.activeElement === document.body) box.focus();
  }
}

/** List all consents. */
export async function showConsents() {
  const { items } = await request("/v1/me/consents");
  byId("consent-list").replaceChildren(...items.map(line));
}
