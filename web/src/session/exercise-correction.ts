/**
 * Correction of a session's exercise, below its result.
 * @module
 */

import * as api from "../api/client.ts";
import { percent } from "../i18n/format.ts";
import { h, uniqueKey } from "../ui/dom.ts";
import { once } from "../ui/questions.ts";
import { t } from "../i18n/l10n.ts";

/**
 * Let the athlete name another exercise: the recorded movement is counted again. Where nothing counted, it asks at once.
 * @returns null if there is no movement to count
 */
export function correction({ recording, sessionId, exerciseId, status, repetitions, sets }: api.Session, exercises: Map<string, api.Exercise>): HTMLElement | null {
  if (!api.keptRecording(recording) || status !== "COMPLETED") return null;
  const others = [...exercises.values()].filter(({ id }) => id !== exerciseId && !api.isCustomExercise(id)).sort((a, b) => a.name.localeCompare(b.name));
  const choice = h("select", { id: "correct-exercise" }, others.map(({ id, name }) => h("option", { value: id }, name)));
  const note = h("p", { role: "status", class: "muted" });
  const key = uniqueKey();
  const correct = async () => {
    note.textContent = t("counting-again");
    try {
      const done = await api.send("POST", `/v1/sessions/${encodeURIComponent(sessionId)}:correct-exercise`, { exerciseId: choice.value }, { "Idempotency-Key": `${key}-${choice.value}` });
      if (panel.isConnected) location.hash = String(new URLSearchParams({ session: done.sessionId }));
    } catch (error) {
      if (!(error instanceof api.Problem)) throw error;
      note.textContent = error.message;
    }
  };
  const button = h("button", { class: "button", type: "button", onclick: () => void once(button, correct) }, t("count-again"));
  const seen = h("p", { role: "status" });
  let isChosen = false;
  choice.addEventListener("change", () => { isChosen = true; });
  /** Say what the movement looks like, and offer the most likely of the other exercises first. */
  const recognize = async () => {
    const { alternatives } = await api.request(`/v1/sessions/${encodeURIComponent(sessionId)}/recognition`);
    const likely = alternatives.filter((each) => exercises.has(each.exerciseId));
    const options = [...choice.options];
    const first = likely.flatMap((each) => options.filter(({ value }) => value === each.exerciseId));
    const chosen = isChosen || !first.length ? choice.value : first[0].value;
    choice.prepend(...first);
    choice.value = chosen;
    seen.textContent = likely.length ? t("looks-like", { exercises: likely.map((each) => `${exercises.get(each.exerciseId)?.name} (${percent(each.score)})`).join(", ") }) : t("looks-like-none");
  };
  const open = !repetitions.length && !sets.some(({ holdMs }: {holdMs: number | null}) => (holdMs ?? 0) > 0);
  const panel = h("details", { class: "panel correction", open }, h("summary", null, t("wrong-exercise")),
    h("p", null, t("wrong-exercise-what")), seen,
    h("p", null, h("label", { for: "correct-exercise" }, t("exercise"), " "), choice, " ", button), note);
  let isRequested = false;
  panel.addEventListener("toggle", () => {
    if (isRequested) return;
    isRequested = true;
    seen.textContent = t("looks-like-computed");
    recognize().catch((error) => {
      if (!(error instanceof api.Problem)) throw error;
      seen.textContent = ""; // the athlete can choose without it
      isRequested = !error.isTemporary;
    });
  });
  return panel;
}
