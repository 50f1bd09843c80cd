/**
 * Reports of the page's errors to the server's log. A report names the error and the script, and has
 * no message, which could hold personal data. It has the trace ID of the failed request if there was
 * one, else that of the page.
 *
 * Every page loads this module, which then also reports errors that nobody handles. If a script or the style sheet of the page is
 * missing, because the server was updated after it had sent the page, it loads the page again. The module `l10n.ts` does so for texts.
 * @module
 */

import { PAGE_TRACE, traceHeaders } from "./tracing.ts";

/** Reports that one page sends at most. */
const MOST = 10;

/** Shortest time between two loads of a page that lacks a file, in milliseconds. */
const RELOAD_MS = 60_000;

const NAME = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;
const PAGE = /^\/([a-z_]+\.html)?$/;
const SCRIPT = /^\/static\/[A-Za-z0-9_/.@-]+\.m?js$/;
/** The end of a line of a stack, in the forms of all browsers. */
const FRAME = /(https?:\/\/[^\s()]+):(\d+):(\d+)\)?$/m;
const TRACE = /^[0-9a-f]{32}$/;

const sent: Set<string> = new Set();

/** line and column count from 1 */
type Place = {script?: string, line?: number, column?: number};

/**
 * Report an error, each kind and name once. Never throws: without a connection, the report is lost.
 * @param name class or code of the error
 * @param facts `reference`: correlation ID of the failed request
 */
export function reportError(kind: "camera" | "model" | "storage" | "unhandled", name: string, { place = {}, reference = null }: {place?: Place, reference?: string | null} = {}) {
  const path = globalThis.location?.pathname ?? "/";
  const report = { kind, name: NAME.test(name) ? name : "Error", page: PAGE.test(path) ? path : "/", ...place };
  const key = JSON.stringify(report);
  if (sent.has(key) || sent.size >= MOST) return;
  sent.add(key);
  const traceId = reference?.replaceAll("-", "") ?? "";
  fetch("/v1/client-errors", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...traceHeaders(TRACE.test(traceId) ? traceId : PAGE_TRACE) },
    body: key,
    keepalive: true, // the page may be about to close
  }).catch(() => {});
}

/** Report an error that nobody handled. */
function reportUnhandled(error: unknown, place: Place) {
  const { name = "Error", code = null, reference = null } = (error ?? {}) as {name?: string, code?: string | null, reference?: string | null};
  reportError("unhandled", String(code ?? name), { place, reference });
}

/** Return a place in a script of this server, or nothing. */
function placeOf(url: string, line: number, column: number): Place {
  const path = URL.canParse(url) ? new URL(url).pathname : "";
  return SCRIPT.test(path) ? { script: path, line, column } : {};
}

/** Return the place where an error was made, the first of its stack. */
function placeMade(error: unknown): Place {
  const [, url = "", line, column] = FRAME.exec(String((error as Error | null)?.stack)) ?? [];
  return placeOf(url, Number(line), Number(column));
}

/** Report a script tag of the page that failed to load, and load the page again. */
function onMissingScript(url: string) {
  const path = URL.canParse(url) ? new URL(url).pathname : "";
  if (document.readyState === "complete" || !SCRIPT.test(path)) return; // added later, or of another server
  reportError("unhandled", "ScriptMissing", { place: { script: path } });
  reloadOnce();
}

/**
 * Load the page again if the server refused a file whose URL matches; return whether it is being loaded. A request that ended because
 * the user left the page has the status 0.
 */
export function reloadIfRefused(url: RegExp) {
  const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  if (!files.some(({ name, responseStatus }) => responseStatus >= 400 && url.test(name))) return false;
  reportError("unhandled", "FileMissing");
  return reloadOnce();
}

/** Whether the page is being loaded again: its modules still run for a moment. */
let isReloading = false;

/** Load the page again, unless that was done less than a minute ago; return whether it is being loaded. */
function reloadOnce() {
  if (isReloading) return true;
  try {
    if (!(sessionStorage instanceof Storage)) return false; // the replacement of a refused storage lasts as long as the page
    if (Date.now() - Number(sessionStorage.getItem("kinelog.reloaded")) < RELOAD_MS) return false;
    sessionStorage.setItem("kinelog.reloaded", String(Date.now()));
  } catch {
    return false; // without storage, it would load again and again
  }
  isReloading = true;
  location.reload();
  return true;
}

globalThis.addEventListener?.("error", ({ target, error, filename, lineno, colno }) => {
  const { tagName, src } = (target ?? {}) as Partial<HTMLScriptElement>;
  if (!tagName) reportUnhandled(error, placeOf(filename ?? "", lineno ?? 0, colno ?? 0));
  else if (tagName === "SCRIPT") onMissingScript(src ?? "");
}, true); // captured, because errors of elements do not bubble
globalThis.addEventListener?.("unhandledrejection", ({ reason }) => reportUnhandled(reason, placeMade(reason)));
reloadIfRefused(/\.css$/); // browsers run modules after the style sheet has loaded or failed
