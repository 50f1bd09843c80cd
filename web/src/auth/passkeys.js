/**
 * Passkeys: the browser's part of adding and using them (WebAuthn).
 * @module
 */

import { Problem, send } from "../api/client.js";
import { uniqueKey } from "../ui/dom.js";
import { callAuth } from "../ui/forms.js";
import { t } from "../i18n/l10n.js";

const FACTORS = "/v1/auth/second-factors";

/** IPv4 and IPv6 addresses, as `location.hostname` has them. */
const ADDRESS = /^[\d.]+$|^\[/;

/** Whether this browser can use passkeys on this page: not over plain HTTP but for `localhost`, and not at an IP address. */
export function passkeysSupported() {
  return !ADDRESS.test(location.hostname) && typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function";
}

/** Show elements only where passkeys work. @param {...HTMLElement} elements */
export function showWithPasskeys(...elements) {
  for (const each of elements) each.hidden = !passkeysSupported();
}

/** What the browser's dialog failed with, as a `Problem`. @param {unknown} error */
function problemOf(error) {
  if (!(error instanceof DOMException)) return error;
  const detail = {
    InvalidStateError: t("passkey-exists"),
    NotAllowedError: t("passkey-not-used"),
    SecurityError: t("passkey-address"),
  }[error.name] ?? error.message;
  return new Problem({ title: t("passkey-none-used"), detail, code: `passkey.${error.name}`, status: 400 });
}

/** @param {any} options */
async function create(options) {
  try {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey })).toJSON();
  } catch (error) {
    throw problemOf(error);
  }
}

/** @param {any} options */
async function get(options) {
  try {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey })).toJSON();
  } catch (error) {
    throw problemOf(error);
  }
}

/**
 * A passkey that the browser has made and the server has not confirmed yet, because the response was lost.
 * @type {{name: string, credential: any, key: string} | null}
 */
let unconfirmed = null;

/**
 * Whether the server refused the passkey, so that the next attempt has to make another one. Otherwise it may have been added
 * already, or still can be, and the same request is repeated.
 * @param {unknown} error
 */
function isRefusal(error) {
  if (!(error instanceof Problem) || error.code === "idempotency.in_progress") return false;
  return error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429;
}

/** Add a passkey; return the new tokens and recovery codes. @param {string} name */
export async function addPasskey(name) {
  if (unconfirmed?.name !== name) {
    const { publicKey } = await send("POST", `${FACTORS}/passkeys/options`);
    unconfirmed = { name, credential: await create(publicKey), key: uniqueKey() };
  }
  const { credential, key } = unconfirmed;
  try {
    const added = await send("POST", `${FACTORS}/passkeys`, { name, credential }, { "Idempotency-Key": key });
    unconfirmed = null;
    return added;
  } catch (error) {
    if (isRefusal(error)) unconfirmed = null;
    throw error;
  }
}

/** Confirm the sign-in with a passkey; return the new tokens. */
export async function confirmWithPasskey() {
  const { publicKey } = await send("POST", `${FACTORS}/passkey-confirmation/options`);
  return send("POST", `${FACTORS}/passkey-confirmation`, { credential: await get(publicKey) });
}

/** Sign in with a passkey, without a password; return the tokens. */
export async function signInWithPasskey() {
  const { publicKey } = await callAuth("passkey/options", {});
  return callAuth("passkey?mode=cookie", { credential: await get(publicKey) });
}
