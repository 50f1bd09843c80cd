/**
 * Files of exports: request one, wait until it is made, and download it.
 * @module
 */

import { answer, Problem, received, request, send, type Schemas } from "../api/client.ts";
import { uniqueKey } from "../ui/dom.ts";
import { saveFile } from "../ui/save-file.ts";
import { t } from "../i18n/l10n.ts";

const ASK_AGAIN_MS = 1000;

/** So often in a row the progress may be unknown; the pauses between become longer, up to three minutes in all. */
const MOST_FAILURES = 18;

/** Names of the downloaded files. */
const NAMES = { archive: "kinelog.zip", csv: "kinelog-sessions.zip", fhir: "kinelog-fhir.zip", fit: "kinelog-fit.zip", json: "kinelog-sessions.zip", open_mhealth: "kinelog-open-mhealth.zip", pdf: "kinelog-report.pdf", tcx: "kinelog-tcx.zip" };

export type Export = Schemas["Export"];

/** Whether an export is being made. */
export const isPending = ({ state }: Export) => state === "queued" || state === "running";

/** Exports that are polled, by ID. */
const polled: Map<string, Promise<Export>> = new Map();

/** Poll until an export is finished; concurrent calls for one export share the requests. */
export function finished(created: Export): Promise<Export> {
  const polling = polled.get(created.id) ?? poll(created).finally(() => polled.delete(created.id));
  polled.set(created.id, polling);
  return polling;
}

async function poll(created: Export): Promise<Export> {
  let file = created, failures = 0;
  while (isPending(file)) {
    await new Promise((resolve) => { setTimeout(resolve, ASK_AGAIN_MS * (failures + 1)); });
    try {
      file = await request(`/v1/me/exports/${file.id}`);
      failures = 0;
    } catch (error) {
      if (!isTemporary(error) || (failures += 1) > MOST_FAILURES) throw error;
    }
  }
  return file;
}

const isTemporary = (error: unknown) => error instanceof Problem && error.isTemporary;

/** Keys of requests for files, by body, until the file is made or refused. */
const keys: Map<string, string> = new Map();

/** Request a file and wait until it is ready. Throws a Problem if it cannot be made. */
export async function makeFile(wanted: Schemas["NewExport"]): Promise<Export> {
  const body = JSON.stringify(wanted);
  const key = keys.get(body) ?? uniqueKey();
  keys.set(body, key);
  const file = await send("POST", "/v1/me/exports", wanted, { "Idempotency-Key": key }).then(finished).catch((error) => {
    if (!isTemporary(error)) keys.delete(body);
    throw error;
  });
  keys.delete(body); // the next request makes another file
  if (file.state === "failed") throw new Problem({ title: t("own-file-failed"), detail: t("try-later"), reference: file.id });
  return file;
}

/** Download by script, because a link cannot send the access token. */
export async function download(file: Export) {
  const response = await answer(`/v1/me/exports/${file.id}/archive`);
  saveFile(await received(response.blob()), NAMES[file.format]);
}

/** Run the action of a button unless it is running. */
export async function oneAtATime(button: HTMLElement, action: () => Promise<void>) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await action();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** The days of an export in words, or nothing for all days. */
export function daysText(since: string | null | undefined, until: string | null | undefined, shown: (day: string) => string) {
  if (!since && !until) return "";
  if (since && until) return t("export-days", { since: shown(since), until: shown(until) });
  return since ? t("export-since", { since: shown(since) }) : t("export-until", { until: shown(until ?? "") });
}
