/**
 * Finish a session that was left in progress, from any device.
 * @module
 */

import { graphql, Problem, send, type Session } from "../api/client.ts";
import { uniqueKey } from "../ui/dom.ts";
import { t } from "../i18n/l10n.ts";

const COMPLETE_SET = `
mutation CompleteSet($input: CompleteSetInput!) {
  completeSet(input: $input) { ... on SessionPayload { position } ... on Problem { code message correlationId } }
}`;

/** Code of the refusal to complete a session whose last set is open. */
const SET_UNDERWAY = "session.set_underway";

/** End the open set with its last repetition. @throws {Problem} */
async function completeLastSet({ sessionId, sets, repetitions }: Session) {
  const set = sets.at(-1)?.number ?? 1;
  const ends = repetitions.filter((rep) => rep.set === set);
  const startMs = ends.reduce((least, rep) => Math.min(least, rep.startMs), ends[0]?.startMs ?? 0);
  const endMs = ends.reduce((most, rep) => Math.max(most, rep.endMs), startMs + 1);
  const input = { commandId: uniqueKey(), sessionId, set, startMs: Math.round(startMs), endMs: Math.round(endMs) };
  const { completeSet: answer } = await graphql(COMPLETE_SET, { input });
  if ("code" in answer) throw new Problem({ title: t("not-finished"), detail: answer.message, code: answer.code, reference: answer.correlationId });
}

/** @throws {Problem} */
export async function finishSession(session: Session) {
  const complete = () => send("POST", `/v1/sessions/${encodeURIComponent(session.sessionId)}:complete`, {}, { "Idempotency-Key": uniqueKey() });
  try {
    await complete();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== SET_UNDERWAY) throw error;
    await completeLastSet(session);
    await complete();
  }
}
