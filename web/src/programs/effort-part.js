/**
 * The question how hard the exercises of the latest day were, for a rule by effort.
 * @module
 */

import { send } from "../api/client.js";
import { t } from "../i18n/l10n.js";
import { announce, h, uniqueKey } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { pathOf } from "./rule-part.js";

/** @typedef {import("../api/client.js").Schemas["Program"]} Program */
/** @typedef {Map<string, import("../api/client.js").Exercise>} Exercises */

/** From here on, more repetitions make no difference to people. */
const MOST = 5;

/**
 * The questions that have no answer yet; null if there is none.
 * @param {Program} program @param {Exercises} exercises @param {() => Promise<void>} reload
 */
export function effortPart(program, exercises, reload) {
  if (program.rule.kind !== "effort" || program.endedAt || program.openEfforts.length === 0) return null;
  const day = Math.max(...program.performed);
  return h("section", { class: "program-part", id: "efforts" }, h("h3", null, t("programs-effort", { number: day })), h("p", { class: "muted" }, t("programs-effort-what")),
    h("div", { class: "program-form" }, program.openEfforts.map((id) => question(program, day, id, exercises.get(id)?.name ?? id, reload))));
}

/** @param {Program} program @param {number} day @param {string} exerciseId @param {string} name @param {() => Promise<void>} reload */
function question(program, day, exerciseId, name, reload) {
  const options = Array.from({ length: MOST + 1 }, (_, count) => h("option", { value: count }, count === MOST ? t("programs-effort-most", { count }) : String(count)));
  const choice = h("select", { id: `effort-${exerciseId}` }, h("option", { value: "" }, t("programs-effort-choose")), options);
  const key = uniqueKey();
  const answer = async () => {
    if (choice.value === "") return;
    choice.disabled = true;
    try {
      await send("POST", `${pathOf(program)}/efforts`, { day, exerciseId, reserve: Number(choice.value) }, { "Idempotency-Key": key });
      await reload();
      announce(t("programs-effort-saved"));
    } finally {
      choice.disabled = false;
    }
  };
  choice.addEventListener("change", () => void answer().catch(showError));
  return h("div", { class: "field" }, h("label", { for: choice.id }, name), choice);
}
