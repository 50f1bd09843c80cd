/**
 * Comparison of the user's month with consenting users of the same organization.
 * @module
 */

import { graphql } from "../api/client.js";
import { byId, h } from "../ui/dom.js";
import { calendarDay, counted, percent } from "../i18n/format.js";
import { MONTH_COMPARED } from "../api/queries.js";

/** @typedef {{lower: number, median: number, upper: number}} Quartiles */

/** @param {number} mine @param {Quartiles} others */
function describeQuartile(mine, { lower, median, upper }) {
  if (mine >= upper) return "at least as much as three quarters of them";
  if (mine >= median) return "at least as much as half of them";
  return mine >= lower ? "at least as much as a quarter of them" : "less than three quarters of them";
}

/** @param {string} name @param {(string | number)[]} figures */
function line(name, ...figures) {
  return h("tr", null, h("th", { scope: "row" }, name), figures.map((figure) => h("td", null, figure)));
}

/** @param {number | null | undefined} share */
const shared = (share) => (share === null || share === undefined ? "not available" : percent(share));

/** @param {{month: string, mine: {repetitions: number, form: number | null}, repetitions: Quartiles | null, form: Quartiles | null}} comparison */
function content({ month, mine, repetitions, form }) {
  const name = calendarDay(month, { month: "long", year: "numeric" });
  const own = `In ${name} you did ${counted(mine.repetitions, "verified repetition")}`;
  const agree = h("p", null, h("a", { href: "/account.html#consents" }, "Manage your consent"));
  if (!repetitions) {
    return [h("p", null, `${own}.`), h("p", { class: "muted" }, "No comparison is available: fewer than 20 people in your organization trained and agreed to be included."), agree];
  }
  return [
    h("p", null, `${own}: ${describeQuartile(mine.repetitions, repetitions)}.`),
    h("table", { class: "data" }, h("caption", { class: "visually-hidden" }, `You and the others in ${name}`),
      h("thead", null, h("tr", null, h("td"), h("th", { scope: "col" }, "Verified repetitions"), h("th", { scope: "col" }, "Form"))),
      h("tbody", null,
        line("You", mine.repetitions, mine.form === null ? "not measured" : percent(mine.form)),
        line("A quarter did at most", repetitions.lower, shared(form?.lower)),
        line("Half did at most", repetitions.median, shared(form?.median)),
        line("Three quarters did at most", repetitions.upper, shared(form?.upper)))),
    h("p", { class: "muted" }, "Rounded. Shown only for 20 or more people."),
    agree,
  ];
}

/** Load and show the comparison. */
export async function showComparison() {
  const { monthComparison } = await graphql(MONTH_COMPARED, {});
  byId("comparison").replaceChildren(...content(monthComparison));
}
