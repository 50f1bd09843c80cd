/**
 * Choice of a template, from which a program starts.
 * @module
 */

import { request, type Schemas } from "../api/client.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { byId, h } from "../ui/dom.ts";
import { ruleIn } from "./loads.ts";
import type { Units } from "../i18n/units.ts";

type Template = Schemas["ProgramTemplate"];

const field = (id: string) => byId(id) as HTMLInputElement;

/** Offer the templates; a chosen one fills the form, and its days are fixed. */
export function templateChoice(form: HTMLFormElement) {
  const choice = field("template");
  const templates: Map<string, Template> = new Map();
  const fill = () => {
    const template = templates.get(choice.value);
    field("days").disabled = template !== undefined;
    if (!template) return;
    field("goal").value = template.goal;
    field("level").value = template.level;
    field("weeks").value = String(template.weekCount);
    field("days").value = String(template.week.days.length);
    for (const box of form.querySelectorAll("input[name=equipment]") as NodeListOf<HTMLInputElement>) box.checked = template.equipment.includes(box.value);
    if (!field("name").value) field("name").value = t(`programs-template-${template.id.replaceAll("_", "-")}`);
  };
  choice.addEventListener("change", fill);
  const load = async () => {
    if (templates.size > 0) return;
    const { items } = await request("/v1/programs/templates");
    if (templates.size > 0) return; // loaded twice
    for (const each of items) templates.set(each.id, each);
    choice.append(...items.map((each: Template) => h("option", { value: each.id }, textOr(`programs-template-${each.id.replaceAll("_", "-")}`, each.id))));
  };
  return {
    load,
    /** Fields of the new program. */
    start(units: Units) {
      const template = templates.get(choice.value);
      return template ? { template: template.id, rule: ruleIn(template.rule, units) } : { rule: ruleIn({ kind: "double_progression" as const }, units) };
    },
    /** Let all fields be filled by hand again. */
    reset: fill,
  };
}
