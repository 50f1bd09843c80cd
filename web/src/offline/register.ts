/**
 * Registration of the service worker, so that the pages open without a connection, and a notice when they do.
 * @module
 */

import { h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

addEventListener("last-answer", () => {
  document.getElementById("notice")?.replaceChildren(h("p", { class: "notice" }, h("span", null, t("offline-last-seen"))));
});

/** Register the service worker, unless the browser has none. */
export async function registerServiceWorker() {
  await navigator.serviceWorker?.register("/service-worker.js").catch(() => {}); // such as in a private window: the pages need a connection
}

/** Send what closed pages left in this browser. The code for it is loaded only if there may be something. */
export async function sendWaiting() {
  const databases = await indexedDB.databases?.().catch(() => []); // such as in a private window, which keeps nothing
  if (databases && !databases.some(({ name }) => name === "kinelog-live")) return;
  await (await import("./send-waiting.ts")).sendWaiting();
}

/** Whether the page itself opens the sessions that are left. */
const opensSessions = document.querySelector("main.coach") !== null;

// Tests do so themselves: the service worker answers before their routes do.
if (import.meta.env?.MODE === "production") {
  addEventListener("load", () => { void registerServiceWorker(); if (!opensSessions) void sendWaiting(); });
  addEventListener("online", () => void sendWaiting());
}
