/**
 * Profile form of the account page: name, units, time zone and language.
 * @module
 */

import { showProblem } from "../ui/banner.ts";
import { byId, h } from "../ui/dom.ts";
import { changeLanguage, chooseLanguage } from "../ui/page-language.ts";
import { discardWork, hasUnsavedWork } from "../ui/unsaved-work.ts";
import { useAccountStore } from "../stores/account.ts";
import { connectVersionedForm } from "./versioned-form.ts";
import { LANGUAGE, LANGUAGES, t } from "../i18n/l10n.ts";

/** Languages to offer besides those of the browser and the stored one; the region decides how dates are written. */
const LOCALES = ["en-GB", "en-US", "es-ES", "es-MX", "es-US", "ru-RU"];

type Profile = {username: string | null, units: "metric" | "imperial", timeZone: string, locale: string};

function languageName(locale: string) {
  try {
    return new Intl.DisplayNames(document.documentElement.lang, { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale; // unknown to this browser
  }
}

/** Fill a select element with each value once, and select one. */
function offer(id: string, values: string[], chosen: string, named: (value: string) => string = (value) => value.replaceAll("_", " ")) {
  const all = [...new Set([chosen, ...values])].map((value) => ({ value, name: named(value) }));
  all.sort((a, b) => a.name.localeCompare(b.name));
  byId(id).replaceChildren(...all.map(({ value, name }) => h("option", { value }, name)));
  byId<"select">(id).value = chosen;
}

function sayWhereThisIs(kept: string) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const elsewhere = here === kept ? "" : ` ${t("device-zone", { zone: here.replaceAll("_", " ") })}`;
  byId("zone-hint").textContent = `${t("time-zone-hint")}${elsewhere}`;
}

function show({ username, units, timeZone, locale }: Profile) {
  byId<"input">("username").value = username ?? "";
  byId<"select">("units").value = units;
  offer("zone", ["UTC", ...Intl.supportedValuesOf("timeZone")], timeZone);
  offer("locale", [...navigator.languages.filter((tag) => tag.split("-")[0] in LANGUAGES), ...LOCALES], locale, languageName);
  sayWhereThisIs(timeZone);
  const { user } = useAccountStore.get();
  if (user) useAccountStore.set({ user: { ...user, username, timeZone, locale } });
}

/** Show the page in the language of the profile; while other forms have unsaved work, only when the user agrees to discard it. */
function showLanguage() {
  const [language] = byId<"select">("locale").value.split("-");
  if (!(language in LANGUAGES)) return;
  chooseLanguage(language); // also for the sign-in page
  if (language === LANGUAGE) return;
  if (!hasUnsavedWork()) { changeLanguage(language); return; }
  showProblem({ title: t("others-unsaved") }, { advice: t("others-unsaved-advice"), action: t("discard-changes"), onAction: () => { discardWork(); changeLanguage(language); } });
}

/** Load the profile and save changes. */
export async function showProfile() {
  await connectVersionedForm({
    form: "profile-form",
    path: "/v1/me/profile",
    show,
    read: () => ({ username: byId<"input">("username").value.trim() || null, units: byId<"select">("units").value as Profile["units"], timeZone: byId<"select">("zone").value, locale: byId<"select">("locale").value }),
    kept: t("profile-saved"),
    now: t("profile-now"),
    saved: showLanguage,
  });
  showLanguage();
}
