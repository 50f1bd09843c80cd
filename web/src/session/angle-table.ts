/**
 * The angle chart as a table, one row per half second.
 * @module
 */

import { h } from "../ui/dom.ts";
import { clock, percent } from "../i18n/format.ts";
import { phaseName } from "../i18n/phases.ts";
import { t } from "../i18n/l10n.ts";
import type { Samples } from "../api/client.ts";

const EVERY_S = 0.5;

/** @returns indexes, one each half second */
function sparse({ timeS }: Samples): number[] {
  const chosen: number[] = [];
  timeS.forEach((time, index) => {
    if (!chosen.length || time >= timeS[chosen[chosen.length - 1]] + EVERY_S) chosen.push(index);
  });
  return chosen;
}

/**
 * Return a button and the table that it shows; rows are created when first shown.
 * @param exercise exercise ID
 */
export function curveTable(samples: Samples, inDegrees: boolean, exercise: string | null) {
  const body = h("tbody", null);
  const value = (index: number) => {
    const angle = samples.angleDeg[index];
    if (!inDegrees) return percent(samples.effort[index]);
    return angle === null ? t("not-seen") : `${Math.round(angle)}°`;
  };
  const table = h("div", { class: "scroll", hidden: true, tabindex: "0", role: "region", "aria-label": t("angle-table") },
    h("table", { class: "data" },
      h("caption", null, t("every-half-second")),
      h("thead", null, h("tr", null, [t("time"), inDegrees ? t("angle") : t("depth"), t("phase")].map((name) => h("th", { scope: "col" }, name)))),
      body));
  const toggle = h("button", { class: "button", type: "button", "aria-expanded": "false", onclick: () => {
    if (!body.children.length) {
      body.append(...sparse(samples).map((index) => h("tr", null, h("th", { scope: "row" }, clock(samples.timeS[index], 1)), h("td", null, value(index)), h("td", null, phaseName(exercise, samples.phase[index])))));
    }
    table.hidden = !table.hidden;
    toggle.setAttribute("aria-expanded", String(!table.hidden));
    toggle.textContent = table.hidden ? t("show-as-table") : t("hide-table");
  } }, t("show-as-table"));
  return h("div", null, toggle, table);
}
