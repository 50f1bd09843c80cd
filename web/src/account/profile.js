/**
 * What somebody tells of themselves: how they are called, and which units, times and words they use.
 * @module
 */

import { byId, h } from "../ui/dom.js";
import { useAccountStore } from "../stores/account.js";
import { showKept } from "./versioned-form.js";

/** Offered beside those of the browser and the one that is kept. */
const LANGUAGES = ["ar", "de", "en-GB", "en-US", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt-BR", "pt-PT", "ru", "tr", "uk", "zh"];

/** @typedef {{username: string | null, units: "metric" | "imperial", timeZone: string, locale: string}} Profile */

/** @param {string} locale */
function languageName(locale) {
  try {
    return new Intl.DisplayNames(document.documentElement.lang, { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale; // one that this browser does not know
  }
}

/** Offer values, each once, and choose one. @param {string} id @param {string[]} values @param {string} chosen @param {(value: string) => string} [named] */
function offer(id, values, chosen, named = (value) => value.replaceAll("_", " ")) {
  const all = [...new Set([chosen, ...values])].map((value) => ({ value, name: named(value) }));
  all.sort((a, b) => a.name.localeCompare(b.name));
  byId(id).replaceChildren(...all.map(({ value, name }) => h("option", { value }, name)));
  byId(id).value = chosen;
}

/** @param {string} kept */
function sayWhereThisIs(kept) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const elsewhere = here === kept ? "" : ` This device is in ${here.replaceAll("_", " ")}.`;
  byId("zone-hint").textContent = `Your days begin and end here.${elsewhere}`;
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

/** Show the profile, and keep what is changed. */
export function showProfile() {
  return showKept({
    form: "profile-form",
    path: "/v1/me/profile",
    show,
    read: () => ({ username: byId("username").value.trim() || null, units: byId("units").value, timeZone: byId("zone").value, locale: byId("locale").value }),
    kept: "Your profile is kept.",
    now: "This is your profile now.",
  });
}
