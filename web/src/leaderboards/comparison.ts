/**
 * Comparison of the user's month with consenting users of the same organization.
 * @module
 */

import { graphql } from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { calendarDay, percent } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { MONTH_COMPARED } from "../api/queries.ts";

type Quartiles = {lower: number, median: number, upper: number};

function describeQuartile(mine: number, { lower, median, upper }: Quartiles) {
  if (mine >= upper) return t("boards-quartile-top");
  if (mine >= median) return t("boards-quartile-half");
  return mine >= lower ? t("boards-quartile-quarter") : t("boards-quartile-low");
}

export function line(name: string, ...figures: (string | number)[]) {
  return h("tr", null, h("th", { scope: "row" }, name), figures.map((figure) => h("td", null, figure)));
}

const shared = (share: number | null | undefined) => (share === null || share === undefined ? t("boards-not-available") : percent(share));

function content({ month, mine, repetitions, form }: {month: string, mine: {repetitions: number, form: number | null}, repetitions: Quartiles | null, form: Quartiles | null}) {
  const name = calendarDay(month, { month: "long", year: "numeric" });
  const agree = h("p", null, h("a", { href: "/account.html#consents" }, t("boards-consent")));
  if (!repetitions) {
    return [h("p", null, t("boards-own", { month: name, count: mine.repetitions })), h("p", { class: "muted" }, t("boards-too-few")), agree];
  }
  return [
    h("p", null, t("boards-own-compared", { month: name, count: mine.repetitions, quartile: describeQuartile(mine.repetitions, repetitions) })),
    h("table", { class: "data" }, h("caption", { class: "visually-hidden" }, t("boards-others-in", { month: name })),
      h("thead", null, h("tr", null, h("td"), h("th", { scope: "col" }, t("boards-verified")), h("th", { scope: "col" }, t("form")))),
      h("tbody", null,
        line(t("boards-you"), mine.repetitions, mine.form === null ? t("not-measured") : percent(mine.form)),
        line(t("boards-quarter-most"), repetitions.lower, shared(form?.lower)),
        line(t("boards-half-most"), repetitions.median, shared(form?.median)),
        line(t("boards-three-quarters-most"), repetitions.upper, shared(form?.upper)))),
    h("p", { class: "muted" }, t("boards-rounded")),
    agree,
  ];
}

/** Load and show the comparison. */
export async function showComparison() {
  const { monthComparison } = await graphql(MONTH_COMPARED, {});
  byId("comparison").replaceChildren(...content(monthComparison));
}
