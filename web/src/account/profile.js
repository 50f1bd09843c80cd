/**
 * Profile form of the account page: name, units, time zone and language.
 * @module
 */

import { byId, h } from "../ui/dom.js";
import { useAccountStore } from "../stores/account.js";
import { connectVersionedForm } from "./versioned-form.js";

/** Languages to offer besides those of the browser and the stored one. */
const LANGUAGES = ["ar", "de", "en-GB", "en-US", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt-BR", "pt-PT", "ru", "tr", "uk", "zh"];

/** @typedef {{username: string | null, units: "metric" | "imperial", timeZone: string, locale: string}} Profile */

/** @param {string} locale */
function languageName(locale) {
  try {
    return new Intl.DisplayNames(document.documentElement.lang, { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale; // unknown to this browser
  }
}

/** Fill a select element with each value once, and select one. @param {string} id @param {string[]} values @param {string} chosen @param {(value: string) => string} [named] */
function offer(id, values, chosen, named = (value) => value.replaceAll("_", " ")) {
  const all = [...new Set([chosen, ...values])].map((value) => ({ value, name: named(value) }));
  all.sort((a, b) => a.name.localeCompare(b.name));
  byId(id).replaceChildren(...all.map(({ value, name }) => h("option", { value }, name)));
  byId(id).value = chosen;
}

/** @param {string} kept */
function sayWhereThisIs(kept) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const elsewhere = here === kept ? "" : ` This device uses ${here.replaceAll("_", " ")}.`;
  byId("zone-hint").textContent = `Your days start and end in this time zone.${elsewhere}`;
}

/** @param {Profile} profile */
function show({ username, units, timeZone, locale }) {
  byId("username").value = username ?? "";
  byId("units").value = units;
  offer("zone", ["UTC", ...Intl.supportedValuesOf("timeZone")], timeZone);
  offer("locale", [...navigator.languages, ...LANGUAGES], locale, languageName);
  sayWhereThisIs(timeZone);
  const { user } = useAccountStore.get();
  if (user) useAccountStore.set({ user: { ...user, username, timeZone, locale } });
}

/** Load the profile and save changes. */
export function showProfile() {
  return connectVersionedForm({
    form: "profile-form",
    path: "/v1/me/profile",
    show,
    read: () => ({ username: byId("username").value.trim() || null, units: byId("units").value, timeZone: byId("zone").value, locale: byId("locale").value }),
    kept: "Your profile is saved.",
    now: "This is your current profile.",
  });
}
