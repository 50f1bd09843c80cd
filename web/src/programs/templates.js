/**
 * Choice of a template, from which a program starts.
 * @module
 */

import { request } from "../api/client.js";
import { t, textOr } from "../i18n/l10n.js";
import { byId, h } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { ruleIn } from "./loads.js";

/** @typedef {import("../api/client.js").Schemas["ProgramTemplate"]} Template */

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (byId(id));

/**
 * Offer the templates; a chosen one fills the form, and its days are fixed.
 * @param {HTMLFormElement} form
 */
export function templateChoice(form) {
  const choice = field("template");
  /** @type {Map<string, Template>} */
  const templates = new Map();
  const fill = () => {
    const template = templates.get(choice.value);
    field("days").disabled = template !== undefined;
    if (!template) return;
    field("goal").value = template.goal;
    field("level").value = template.level;
    field("weeks").value = String(template.weekCount);
    field("days").value = String(template.week.days.length);
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=equipment]"))) box.checked = template.equipment.includes(box.value);
    if (!field("name").value) field("name").value = t(`programs-template-${template.id.replaceAll("_", "-")}`);
  };
  choice.addEventListener("change", fill);
  const load = async () => {
    const { items } = await request("/v1/programs/templates");
    for (const each of items) templates.set(each.id, each);
    choice.append(...items.map((/** @type {Template} */ each) => h("option", { value: each.id }, textOr(`programs-template-${each.id.replaceAll("_", "-")}`, each.id))));
  };
  void load().catch(showError);
  return {
    /** Fields of the new program. @param {import("../i18n/units.js").Units} units */
    start(units) {
      const template = templates.get(choice.value);
      return template ? { template: template.id, rule: ruleIn(template.rule, units) } : { rule: ruleIn({ kind: "double_progression" }, units) };
    },
    /** Let all fields be filled by hand again. */
    reset: fill,
  };
}
