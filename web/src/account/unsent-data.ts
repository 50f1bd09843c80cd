/**
 * Training data of a user that this browser has not sent: counted, and deleted if the user chooses so.
 * @module
 */

import { storeUnsent, unsentOf } from "../coach/unsent-results.ts";
import { openRecordingStore } from "../live/recording-store.ts";
import { openStorage } from "../live/storage.ts";
import { announce, h } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

type Words = {hint: string, cancel?: string, keep: string, delete: string};

/** IDs of the sessions of which this browser has unsent commands, landmarks, pictures or results. */
export async function unsentSessions(athleteId: string): Promise<string[]> {
  const results = unsentOf(athleteId).map(({ sessionId, commandId }) => sessionId ?? commandId);
  return [...new Set([...await sessionsToSend(athleteId), ...results])];
}

/** IDs of the sessions of which this browser has unsent commands, landmarks or pictures. */
async function sessionsToSend(athleteId: string): Promise<string[]> {
  const { queue } = await openStorage();
  const ids = new Set((await recordings(athleteId)).map(({ sessionId }) => sessionId));
  for (const state of await queue.sessions()) {
    if (state.athleteId === athleteId && await queue.first(state.sessionId)) ids.add(state.sessionId);
  }
  return [...ids];
}

/** Delete everything that this browser has of sessions. */
async function deleteSessions(ids: string[]) {
  const [{ queue }, store] = await Promise.all([openStorage(), openRecordingStore()]);
  for (const id of ids) {
    await queue.forget(id);
    await store?.forget(id);
  }
}

/** Delete everything that this browser has of an athlete's sessions. */
export async function deleteAllSessions(athleteId: string) {
  const { queue } = await openStorage();
  const states = [...await queue.sessions(), ...await recordings(athleteId)];
  await deleteSessions(states.filter((each) => each.athleteId === athleteId).map(({ sessionId }) => sessionId));
  storeUnsent(athleteId, []);
}

/**
 * If there is unsent data, ask whether to keep or delete it, and delete it if so.
 * @param words `hint`: how to send the data; the others are labels of the buttons
 * @param results whether results are part of it; they are sent without any consent
 * @returns whether the user chose; false if the user canceled
 */
export async function settleUnsentData(athleteId: string, words: Words, results = true): Promise<boolean> {
  const ids = await (results ? unsentSessions(athleteId) : sessionsToSend(athleteId));
  if (ids.length === 0) return true;
  const choice = await ask(ids.length, words);
  if (choice === "delete") {
    await deleteSessions(ids);
    if (results) storeUnsent(athleteId, []);
    announce(t("unsent-deleted"));
  }
  return choice !== "";
}

async function recordings(athleteId: string) {
  const all = await (await openRecordingStore())?.recordings() ?? [];
  return all.filter((each) => each.athleteId === athleteId);
}

/** @returns "keep", "delete", or "" for neither */
function ask(sessions: number, words: Words): Promise<string> {
  const choice = (value: "keep" | "delete") =>
    h("button", { class: value === "delete" ? "button danger" : "button", type: "submit", value }, words[value]);
  const dialog = h("dialog", { class: "modal", id: "unsent-data", "aria-labelledby": "unsent-data-title" },
    h("form", { method: "dialog" },
      h("h2", { id: "unsent-data-title" }, t("unsent-title")),
      h("p", null, t("unsent-what", { count: sessions, hint: words.hint })),
      h("p", null, t("unsent-risk")),
      h("div", { class: "choices" },
        words.cancel ? h("button", { class: "button", type: "submit", value: "" }, words.cancel) : null,
        choice("keep"),
        choice("delete"))));
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue); });
    dialog.showModal();
  });
}
