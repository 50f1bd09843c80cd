/**
 * Passkeys: the browser's part of adding and using them (WebAuthn).
 * @module
 */

import { Problem, send } from "../api/client.ts";
import { uniqueKey } from "../ui/dom.ts";
import { callAuth } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

const FACTORS = "/v1/auth/second-factors";

/** IPv4 and IPv6 addresses, as `location.hostname` has them. */
const ADDRESS = /^[\d.]+$|^\[/;

/** Whether this browser can use passkeys on this page: not over plain HTTP but for `localhost`, and not at an IP address. */
export function passkeysSupported() {
  return !ADDRESS.test(location.hostname) && typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function";
}

/** Show elements only where passkeys work. */
export function showWithPasskeys(...elements: HTMLElement[]) {
  for (const each of elements) each.hidden = !passkeysSupported();
}

/** What the browser's dialog failed with, as a `Problem`. */
function problemOf(error: unknown) {
  if (!(error instanceof DOMException)) return error;
  const detail = {
    InvalidStateError: t("passkey-exists"),
    NotAllowedError: t("passkey-not-used"),
    SecurityError: t("passkey-address"),
  }[error.name] ?? error.message;
  return new Problem({ title: t("passkey-none-used"), detail, code: `passkey.${error.name}`, status: 400 });
}

async function create(options: object) {
  try {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
    return (await navigator.credentials.create({ publicKey }) as PublicKeyCredential).toJSON();
  } catch (error) {
    throw problemOf(error);
  }
}

async function get(options: object) {
  try {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
    return (await navigator.credentials.get({ publicKey }) as PublicKeyCredential).toJSON();
  } catch (error) {
    throw problemOf(error);
  }
}

/** A passkey that the browser has made and the server has not confirmed yet, because the response was lost. */
let unconfirmed: {name: string, credential: PublicKeyCredentialJSON, key: string} | null = null;

/**
 * Whether the server refused the passkey, so that the next attempt has to make another one. Otherwise it may have been added
 * already, or still can be, and the same request is repeated.
 */
function isRefusal(error: unknown) {
  if (!(error instanceof Problem) || error.code === "idempotency.in_progress") return false;
  return error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429;
}

/** Add a passkey; return the new tokens and recovery codes. */
export async function addPasskey(name: string) {
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
