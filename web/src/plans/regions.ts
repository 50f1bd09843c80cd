/**
 * Region of the user, which decides the prices and the currency. It is chosen once, on this device.
 * @module
 */

import { clockZone } from "../i18n/display-settings.ts";
import { t } from "../i18n/l10n.ts";
import type { Schemas } from "../api/client.ts";
import { storeValue } from "../stores/browser-storage.ts";

export type Region = Schemas["PriceInput"]["region"];

const STORED = "kinelog.region";

/** Labels by region. */
export const REGIONS: Record<Region, string> = { US: t("region-us"), EU: t("region-eu"), Russia: t("region-russia"), other: t("region-elsewhere") };

/** Zones of Russia in Europe; those in Asia have offsets of their own in the list. */
const RUSSIAN = /^(Europe\/(Moscow|Kaliningrad|Samara|Saratov|Volgograd|Kirov|Astrakhan|Ulyanovsk)|Asia\/(Yekaterinburg|Omsk|Novosibirsk|Krasnoyarsk|Irkutsk|Yakutsk|Vladivostok|Kamchatka))$/;
const EUROPEAN = /^Europe\/(Amsterdam|Athens|Berlin|Bratislava|Brussels|Bucharest|Budapest|Copenhagen|Dublin|Helsinki|Lisbon|Ljubljana|Luxembourg|Madrid|Malta|Paris|Prague|Riga|Rome|Sofia|Stockholm|Tallinn|Vienna|Vilnius|Warsaw|Zagreb)$/;
const AMERICAN = /^(America\/(New_York|Chicago|Denver|Phoenix|Los_Angeles|Anchorage|Detroit)|Pacific\/Honolulu)$/;

/** Guess the region by a time zone. */
export function guessRegion(zone: string): Region {
  if (EUROPEAN.test(zone)) return "EU";
  if (AMERICAN.test(zone)) return "US";
  return RUSSIAN.test(zone) ? "Russia" : "other";
}

/** The region that was chosen, else the likely one. */
export function region(): Region {
  const stored = localStorage.getItem(STORED);
  if (stored !== null && Object.hasOwn(REGIONS, stored)) return stored as Region;
  return guessRegion(clockZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** Fill a list of regions, and call back when another one is chosen. */
export function offerRegions(list: HTMLSelectElement, onChoice: (region: Region) => void) {
  list.replaceChildren(...Object.entries(REGIONS).map(([value, label]) => new Option(label, value)));
  list.value = region();
  list.addEventListener("change", () => {
    storeValue(STORED, list.value);
    onChoice(region());
  });
}
