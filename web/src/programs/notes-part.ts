/**
 * Notes to the exercises of a program: one field for each exercise.
 * @module
 */

import type { Exercise } from "../api/client.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { h } from "../ui/dom.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import type { Draft } from "./draft.ts";

/** The fields of the exercises that the program has. */
export function notesPart(draft: Draft, exercises: Map<string, Exercise>, changed: () => void) {
  const ids = [...new Set(draft.days.flatMap((day) => day.exercises).map(({ exerciseId }) => exerciseId))];
  return h("section", { class: "program-part", id: "notes" }, h("h3", null, t("programs-notes")), h("p", { class: "muted" }, t("programs-notes-what")),
    h("div", { class: "program-form" }, ids.map((id) => field(draft, id, exercises.get(id)?.name ?? words(id), changed))));
}

function field(draft: Draft, exerciseId: string, name: string, changed: () => void) {
  const text = h("textarea", { ...fieldAttributes("ProgramNote.text"), required: false, name: "note", rows: 2, dir: "auto" }, draft.noteTo(exerciseId)); // without a text there is no note
  text.addEventListener("input", () => {
    draft.note(exerciseId, text.value.trim());
    changed();
  });
  return h("label", { class: "field" }, h("span", null, name), text);
}
