/**
 * Registration of the service worker, so that the pages open without a connection, and a notice when they do.
 * @module
 */

import { h } from "../ui/dom.js";
import { t } from "../i18n/l10n.js";

addEventListener("last-answer", () => {
  document.getElementById("notice")?.replaceChildren(h("p", { class: "notice" }, h("span", null, t("offline-last-seen"))));
});

/** Register the service worker, unless the browser has none. */
export async function registerServiceWorker() {
  await navigator.serviceWorker?.register("/service-worker.js").catch(() => {}); // such as in a private window: the pages need a connection
}

// Tests register it themselves: it answers before their routes do.
if (/** @type {any} */ (import.meta).env?.MODE === "production") addEventListener("load", () => void registerServiceWorker());
