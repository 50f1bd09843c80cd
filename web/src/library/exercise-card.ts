/**
 * Card of an exercise: how it goes, what it trains, what it needs, and ways to train it.
 * @module
 */

import { hasPoster, playOnHover } from "../exercises/exercise-poster.ts";
import { t } from "../i18n/l10n.ts";
import { h, icon } from "../ui/dom.ts";
import { categoryName, equipmentNames, muscleName } from "./texts.ts";
import type { Exercise } from "../api/client.ts";

export function exerciseCard(exercise: Exercise): HTMLLIElement {
  const { id, name, category, kind, muscles, faults } = exercise;
  const heading = `exercise-${id}`;
  const facts = [[t("library-muscles"), muscles.map(muscleName)], [t("plans-equipment"), equipmentNames(exercise)]] as const;
  return h("li", { class: "exercise-card" },
    figure(exercise),
    h("div", { class: "exercise-words" },
      h("h2", { id: heading }, name),
      h("p", { class: "exercise-category" }, `${categoryName(category)} · ${t(kind === "hold" ? "library-held" : "library-counted")}`),
      h("dl", { class: "exercise-facts" }, facts.map(([label, values]) => h("div", null, h("dt", null, label), h("dd", null, values.join(", ")))))),
    h("details", { class: "exercise-cues" },
      h("summary", { "aria-describedby": heading }, t("library-coached")),
      h("ul", { class: "points" }, faults.map(({ cue }) => h("li", null, cue)))),
    h("div", { class: "choices" },
      h("a", { class: "button primary", href: `/pose_realtime.html?${new URLSearchParams({ exercise: id })}`, "aria-describedby": heading }, t("library-train")),
      h("a", { class: "button quiet", href: `/workout_player.html?${new URLSearchParams({ add: id })}`, "aria-describedby": heading }, t("library-add"))));
}

/** The demonstration: it plays when it is pressed, or pointed at. */
function figure({ id, name }: Exercise) {
  const poster = h("exercise-poster", { exercise: id });
  if (!hasPoster(id)) return h("div", { class: "exercise-picture" }, poster);
  const button = h("button", { class: "figure-button exercise-picture", type: "button", "aria-label": t("figure-play", { exercise: name }), onclick: () => poster.play({ isRequested: true }) },
    poster, h("span", { class: "figure-sign" }, icon("play")));
  playOnHover(button, poster);
  return button;
}
