/**
 * The question how hard the exercises of the latest day were, for a rule by effort.
 * @module
 */

import { send, type Exercise, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { announce, h } from "../ui/dom.ts";
import { onSubmit } from "../ui/forms.ts";
import { constraintsOf } from "../ui/schema-fields.ts";
import { pathOf, type Change } from "./rule-part.ts";

type Program = Schemas["Program"];
type Exercises = Map<string, Exercise>;

/** From here on, more repetitions make no difference to people. */
const MOST = 5;

/** Highest rating of exertion: no repetition is left. */
const MAX_RPE = constraintsOf("ProgramExercise.targetRpe").max ?? 10;

/** Answers that were chosen and not saved, by program, day and exercise: saving one of them builds all questions again. */
const chosen = new Map<string, string>();

/** Format what the athlete said about an exercise of a day, as "felt like RPE 8"; nothing if they said nothing. */
export function feltWords(efforts: Program["efforts"], day: number, exerciseId: string) {
  const said = efforts.find((each) => each.day === day && each.exerciseId === exerciseId);
  return said && t(said.reserve >= MOST ? "programs-felt-at-most" : "programs-felt", { rating: MAX_RPE - Math.min(said.reserve, MOST) });
}

/** The questions that have no answer yet; null if there is none. */
export function effortPart(program: Program, exercises: Exercises, change: Change) {
  if (program.rule.kind !== "effort" || program.endedAt || program.openEfforts.length === 0) return null;
  const day = Math.max(...program.performed);
  return h("section", { class: "program-part", id: "efforts" }, h("h3", null, t("programs-effort", { number: day })), h("p", { class: "muted" }, t("programs-effort-what")),
    h("div", { class: "program-form" }, program.openEfforts.map((id) => question(program, day, id, exercises.get(id)?.name ?? words(id), change))));
}

function question(program: Program, day: number, exerciseId: string, name: string, change: Change) {
  const options = Array.from({ length: MOST + 1 }, (_, count) => h("option", { value: count }, count === MOST ? t("programs-effort-most", { count }) : String(count)));
  const choice = h("select", { id: `effort-${exerciseId}` }, h("option", { value: "" }, t("programs-effort-choose")), options);
  const place = `${program.programId} ${day} ${exerciseId}`;
  choice.value = chosen.get(place) ?? "";
  choice.addEventListener("change", () => { chosen.set(place, choice.value); });
  const key = new RetryKey();
  const form = h("form", { class: "field", novalidate: true }, h("label", { for: choice.id }, name),
    h("div", { class: "program-choice" }, choice, h("button", { class: "button", type: "submit", "aria-label": t("programs-effort-save-it", { exercise: name }) }, t("programs-effort-save"))));
  onSubmit(form, async () => {
    if (choice.value === "") { choice.focus(); return; }
    const body = { day, exerciseId, reserve: Number(choice.value) };
    await change(async () => {
      await send("POST", `${pathOf(program)}/efforts`, body, key.headers(body));
      chosen.delete(place);
    });
    announce(t("programs-effort-saved"));
  });
  return form;
}
