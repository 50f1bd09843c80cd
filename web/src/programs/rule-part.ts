/**
 * The progression rule of a program: what it would have done, before it is switched on, and what it has done.
 * @module
 */

import { request, send, type Exercise, type Schemas } from "../api/client.ts";
import { day, words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { announce, h, uniqueKey } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { ruleIn } from "./loads.ts";
import { RULES } from "./texts.ts";
import { weight, type Units } from "../i18n/units.ts";

type Exercises = Map<string, Exercise>;

/** Send a change of the program that is shown, then show it; what was edited in the meantime stays. */
export type Change = (act: () => Promise<unknown>) => Promise<unknown>;

/** Rules that were chosen and not switched on, and the exercises to test them with, by program: saving another part builds this one again. */
const choices = new Map<string, {kind: string, exerciseId: string}>();

/** @returns its path in the API */
export const pathOf = ({ programId }: Schemas["Program"]) => `/v1/programs/${encodeURIComponent(programId)}` as const;

/** The part with the rule. */
export function rulePart(program: Schemas["Program"], exercises: Exercises, units: Units, change: Change): HTMLElement {
  const own = [...new Set(program.weeks.flatMap(({ days }) => days).flatMap((each) => each.exercises).map(({ exerciseId }) => exerciseId))];
  const rule = h("select", { id: "rule" }, Object.entries(RULES).map(([kind, name]) => h("option", { value: kind, selected: kind === program.rule.kind }, name)));
  const exercise = h("select", { id: "tested" }, own.map((id) => h("option", { value: id }, exercises.get(id)?.name ?? words(id))));
  const choice = choices.get(program.programId);
  if (choice) rule.value = choice.kind;
  if (choice && own.includes(choice.exerciseId)) exercise.value = choice.exerciseId;
  const choose = () => {
    choices.set(program.programId, { kind: rule.value, exerciseId: exercise.value });
    result.replaceChildren();
  };
  const result = h("div", { id: "back-test", role: "status" });
  const chosen = () => (rule.value === program.rule.kind ? program.rule : { ...ruleIn(program.rule, units), kind: rule.value as Schemas["ProgramRule"]["kind"] });
  const test = async () => {
    const numbers = Object.entries(chosen()).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
    const query = new URLSearchParams([["exerciseId", exercise.value], ...numbers]);
    const { steps } = await request(`${pathOf(program)}/back-test?${query}`);
    if (query.get("kind") !== rule.value || query.get("exerciseId") !== exercise.value) return; // another was chosen meanwhile
    result.replaceChildren(steps.length ? h("ul", null, steps.map((step: Schemas["ProgramBackTestStep"]) => stepLine(step, units))) : h("p", { class: "muted" }, t("programs-no-history")));
    on.hidden = false;
  };
  let key = uniqueKey();
  const switchOn = async () => {
    await change(async () => {
      await send("PUT", `${pathOf(program)}/rule`, chosen(), { "Idempotency-Key": key });
      choices.delete(program.programId);
    });
    announce(t("programs-rule-on", { rule: RULES[rule.value as keyof typeof RULES] }));
  };
  // A rule can be switched on after its back-test was shown; `none` needs none.
  const on = h("button", { class: "button primary", type: "button", hidden: rule.value !== "none", onclick: () => void switchOn().catch(showError) }, t("programs-switch-on"));
  rule.addEventListener("change", () => {
    choose();
    on.hidden = rule.value !== "none";
    key = uniqueKey();
  });
  exercise.addEventListener("change", choose);
  return h("section", { class: "program-part" }, h("h3", null, t("programs-rule")), h("p", { class: "muted" }, t("programs-rule-why")),
    h("div", { class: "program-form" },
      h("div", { class: "field" }, h("label", { for: "rule" }, t("programs-rule")), rule),
      h("div", { class: "field" }, h("label", { for: "tested" }, t("programs-tested")), exercise),
      h("div", { class: "buttons" },
        h("button", { class: "button", type: "button", onclick: () => void test().catch(showError) }, t("programs-test")),
        on)),
    result);
}

function stepLine({ at, changes }: Schemas["ProgramBackTestStep"], units: Units) {
  const done = changes.map(({ reason }) => reason).join(" ");
  return h("li", null, h("b", null, day(at)), " ", done || t("programs-unchanged"), changes.map((change) => h("span", { class: "muted" }, ` ${figures(change, units)}`)));
}

function figures({ before, after, target }: Schemas["ProgramChange"], units: Units) {
  if (target === "load_kg") return `${before === null ? "–" : weight(before, units)} → ${weight(after, units)}`;
  return `${before ?? "–"} → ${target === "hold_s" ? t("programs-seconds", { count: after }) : after}`;
}

/** The changes that the rule has made, the latest first. */
export function changesPart({ changes }: Schemas["Program"], exercises: Exercises, units: Units): HTMLElement {
  const lines = changes.toReversed().map(({ at, change }) => h("li", null,
    h("b", null, exercises.get(change.exerciseId)?.name ?? words(change.exerciseId)), ` · ${day(at)} · ${figures(change, units)} `, h("span", { class: "muted" }, change.reason)));
  return h("section", { class: "program-part" }, h("h3", null, t("programs-changes")),
    lines.length ? h("ul", { id: "changes" }, lines) : h("p", { class: "muted" }, t("programs-no-changes")));
}
