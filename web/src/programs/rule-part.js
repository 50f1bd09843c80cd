/**
 * The progression rule of a program: what it would have done, before it is switched on, and what it has done.
 * @module
 */

import { request, send } from "../api/client.js";
import { day } from "../i18n/format.js";
import { t } from "../i18n/l10n.js";
import { announce, h, uniqueKey } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { ruleIn, shownLoad } from "./loads.js";
import { RULES } from "./texts.js";

/** @typedef {import("../api/client.js").Schemas} Schemas */
/** @typedef {Map<string, import("../api/client.js").Exercise>} Exercises */
/** @typedef {import("../i18n/units.js").Units} Units */

/** @param {Schemas["Program"]} program @returns {string} its path in the API */
export const pathOf = ({ programId }) => `/v1/programs/${encodeURIComponent(programId)}`;

/**
 * The part with the rule. @param {Schemas["Program"]} program @param {Exercises} exercises @param {Units} units @param {() => Promise<void>} reload
 * @returns {HTMLElement}
 */
export function rulePart(program, exercises, units, reload) {
  const own = [...new Set(program.weeks.flatMap(({ days }) => days).flatMap((each) => each.exercises).map(({ exerciseId }) => exerciseId))];
  const rule = h("select", { id: "rule" }, Object.entries(RULES).map(([kind, name]) => h("option", { value: kind, selected: kind === program.rule.kind }, name)));
  const exercise = h("select", { id: "tested" }, own.map((id) => h("option", { value: id }, exercises.get(id)?.name ?? id)));
  const result = h("div", { id: "back-test", role: "status" });
  const chosen = () => (rule.value === program.rule.kind ? program.rule : { ...ruleIn(program.rule, units), kind: rule.value });
  const test = async () => {
    const numbers = Object.entries(chosen()).filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
    const query = new URLSearchParams([["exerciseId", exercise.value], ...numbers]);
    const { steps } = await request(`${pathOf(program)}/back-test?${query}`);
    if (query.get("kind") !== rule.value || query.get("exerciseId") !== exercise.value) return; // another was chosen meanwhile
    result.replaceChildren(steps.length ? h("ul", null, steps.map((/** @type {Schemas["ProgramBackTestStep"]} */ step) => stepLine(step, units))) : h("p", { class: "muted" }, t("programs-no-history")));
    on.hidden = false;
  };
  let key = uniqueKey();
  const switchOn = async () => {
    await send("PUT", `${pathOf(program)}/rule`, chosen(), { "Idempotency-Key": key });
    await reload();
    announce(t("programs-rule-on", { rule: RULES[/** @type {keyof typeof RULES} */ (rule.value)] }));
  };
  // A rule can be switched on after its back-test was shown; `none` needs none.
  const on = h("button", { class: "button primary", type: "button", hidden: rule.value !== "none", onclick: () => void switchOn().catch(showError) }, t("programs-switch-on"));
  rule.addEventListener("change", () => {
    result.replaceChildren();
    on.hidden = rule.value !== "none";
    key = uniqueKey();
  });
  exercise.addEventListener("change", () => result.replaceChildren());
  return h("section", { class: "program-part" }, h("h3", null, t("programs-rule")), h("p", { class: "muted" }, t("programs-rule-why")),
    h("div", { class: "program-form" },
      h("div", { class: "field" }, h("label", { for: "rule" }, t("programs-rule")), rule),
      h("div", { class: "field" }, h("label", { for: "tested" }, t("programs-tested")), exercise),
      h("div", { class: "buttons" },
        h("button", { class: "button", type: "button", onclick: () => void test().catch(showError) }, t("programs-test")),
        on)),
    result);
}

/** @param {Schemas["ProgramBackTestStep"]} step @param {Units} units */
function stepLine({ at, changes }, units) {
  const done = changes.map(({ reason }) => reason).join(" ");
  return h("li", null, h("b", null, day(at)), " ", done || t("programs-unchanged"), changes.map((change) => h("span", { class: "muted" }, ` ${figures(change, units)}`)));
}

/** @param {Schemas["ProgramChange"]} change @param {Units} units */
function figures({ before, after, target }, units) {
  if (target === "load_kg") return `${before === null ? "–" : shownLoad(before, units)} → ${shownLoad(after, units)}`;
  return `${before ?? "–"} → ${target === "hold_s" ? t("programs-seconds", { count: after }) : after}`;
}

/** The changes that the rule has made, the latest first. @param {Schemas["Program"]} program @param {Exercises} exercises @param {Units} units @returns {HTMLElement} */
export function changesPart({ changes }, exercises, units) {
  const lines = changes.toReversed().map(({ at, change }) => h("li", null,
    h("b", null, exercises.get(change.exerciseId)?.name ?? change.exerciseId), ` · ${day(at)} · ${figures(change, units)} `, h("span", { class: "muted" }, change.reason)));
  return h("section", { class: "program-part" }, h("h3", null, t("programs-changes")),
    lines.length ? h("ul", { id: "changes" }, lines) : h("p", { class: "muted" }, t("programs-no-changes")));
}
