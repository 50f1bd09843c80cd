/**
 * Service worker: the pages open without a connection.
 *
 * Pages come from the network, and from the cache only if the server cannot be reached, so a new build is used at once. Files
 * with hashes come from the cache, which has only those of the current build. Of the API, only answers are cached that are the same for all users.
 * When there is a connection again, it sends what closed pages left in the queue.
 * @module
 */

import { forget, renew } from "../api/credentials.ts";
import { isPublic } from "../api/public-paths.ts";
import { deliverWaiting } from "../live/background-delivery.ts";
import { useAccountStore } from "../stores/account.ts";
import { TAG } from "./background-sync.ts";
import { matchPrecache, precache } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst, NetworkFirst } from "workbox-strategies";

/** The part of a service worker's scope that is used here: TypeScript has the types of either pages or workers. */
interface ServiceWorkerScope {
  PAGE_FILES: {url: string, revision: string | null}[];
  OTHER_FILES: string[];
  clients: {matchAll: (options: object) => Promise<{url: string, focus: () => Promise<unknown>}[]>, openWindow: (path: string) => Promise<unknown>};
  skipWaiting: () => Promise<void>;
  addEventListener: <Name extends keyof WorkerEvents>(name: Name, act: (event: WorkerEvents[Name] & {waitUntil: (done: Promise<unknown>) => void}) => void) => void;
}
type WorkerEvents = {install: Event, activate: Event, sync: Event & {tag: string}, notificationclick: Event & {notification: Notification}};

const worker = globalThis as unknown as ServiceWorkerScope;

/** Paths of custom exercises, which earlier versions have cached. */
const CUSTOM = /^\/v1\/exercises\/custom_/;

/** Files whose content never changes, among them large ones that are cached when they are first used. */
const IMMUTABLE = /^\/static\/assets\//;

/** The pose model: another model may be served under the same path. */
const MODEL = /^\/models\//;

/** Statuses of a proxy whose server is down or does not answer. */
const PROXY_ERRORS = new Set([502, 503, 504]);

const USED = "kinelog-used";
const cacheFirst = new CacheFirst({ cacheName: USED });

precache(worker.PAGE_FILES); // the build writes their addresses and revisions here

// Pages of the version before can go on: the server keeps its files until the next build.
worker.addEventListener("install", () => void worker.skipWaiting());

// The build writes the paths of this version's other files here.
const isOutdated = (path: string) => CUSTOM.test(path) || (IMMUTABLE.test(path) && !worker.OTHER_FILES.includes(path));

/** Delete what earlier versions cached when it was used: their files, and custom exercises. */
async function deleteOutdated() {
  const cache = await caches.open(USED);
  const cached = (await cache.keys()).filter(({ url }) => isOutdated(new URL(url).pathname));
  await Promise.all(cached.map((each) => cache.delete(each)));
}

/** Return an answer of the server. Throws for that of a proxy whose server is down, like a lost connection. */
function fromServer(response: Response) {
  if (PROXY_ERRORS.has(response.status) && !isProblem(response)) throw new TypeError(`A proxy answered with status ${response.status}.`);
  return response;
}

const isProblem = ({ headers }: Response) => headers.get("Content-Type")?.startsWith("application/problem+json");

const networkFirst = new NetworkFirst({ cacheName: USED, plugins: [{ fetchDidSucceed: async ({ response }) => fromServer(response) }] });

worker.addEventListener("activate", (event) => event.waitUntil(deleteOutdated()));

registerRoute(({ request }) => request.mode === "navigate", async ({ request, url }) => {
  try {
    return fromServer(await fetch(request));
  } catch (error) {
    const page = await matchPrecache(url.pathname.startsWith("/sessions/") ? "/" : url.pathname);
    if (page) return page;
    throw error;
  }
});
registerRoute(({ url, sameOrigin }) => sameOrigin && IMMUTABLE.test(url.pathname), async (options) =>
  await matchPrecache(options.url.pathname) ?? cacheFirst.handle(options));
registerRoute(({ url, sameOrigin }) => sameOrigin && MODEL.test(url.pathname), async (options) => {
  const response = await networkFirst.handle(options);
  return response.ok ? response : await caches.match(options.request, { cacheName: USED }) ?? response;
});
registerRoute(({ url, sameOrigin }) => sameOrigin && isPublic(url.pathname), networkFirst);

/** Send what waits of the user who is signed in. Throws if the server cannot be reached; then the browser calls again later. */
async function deliver() {
  forget(); // it runs for longer than one user is signed in
  await renew();
  const athleteId = useAccountStore.get().user?.id ?? "athlete"; // without accounts
  if ((await deliverWaiting(athleteId)).includes("unreachable")) throw new Error("The server cannot be reached.");
}

worker.addEventListener("sync", (event) => { if (event.tag === TAG) event.waitUntil(deliver()); });

/** Return to a page. @param path where it is opened again if it was closed */
async function show(path: string) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find(({ url }) => new URL(url).pathname === path);
  await (open ? open.focus() : worker.clients.openWindow(path));
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});
