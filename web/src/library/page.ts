/**
 * Exercise library: all exercises with their demonstrations; search and filter them.
 * @module
 */

import "../ui/site-header.ts";
import { exercises, type Exercise } from "../api/client.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";
import { announce, byId, onDetail } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import "./example-recorder.ts";
import { exerciseCard } from "./exercise-card.ts";
import { formatSearch, matches, NAMES, parseFilters, type Filters } from "./filters.ts";
import { showCustomExercises } from "./custom-exercises.ts";
import { categoryName, equipmentName, muscleName, searchable } from "./texts.ts";

/** Labels of the values of each filter but the text. */
const LABELS = { category: categoryName, muscle: muscleName, equipment: equipmentName };

let filters = parseFilters(location.search);

/** Exercises with their cards and what a search finds them by. */
let entries: {exercise: Exercise, card: HTMLLIElement, text: string}[] = [];

async function load() {
  const compare = new Intl.Collator(LANGUAGE).compare;
  const all = [...(await exercises()).values()].sort((a, b) => compare(a.name, b.name));
  entries = all.map((exercise) => ({ exercise, card: exerciseCard(exercise), text: searchable(exercise) }));
  byId("exercises").replaceChildren(...entries.map(({ card }) => card));
  offer("category", all.map(({ category }) => category));
  offer("muscle", all.flatMap(({ muscles }) => muscles));
  offer("equipment", all.flatMap(({ equipment }) => equipment));
  fill();
  show();
}

/** Offer the values that exercises have, by their labels. */
function offer(name: keyof typeof LABELS, keys: string[]) {
  const options = [...new Set(keys)].map((key) => new Option(LABELS[name](key), key)).sort((a, b) => a.text.localeCompare(b.text, LANGUAGE));
  byId(name).append(...options);
}

/** Show the filters in the form; those whose value no exercise has are removed. */
function fill() {
  for (const name of NAMES) {
    byId<"select">(name).value = filters[name];
    if (byId<"select">(name).value === filters[name]) continue;
    filters = { ...filters, [name]: "" };
    byId<"select">(name).value = "";
  }
}

/** Show the exercises that pass the filters. */
function show() {
  for (const { exercise, card, text } of entries) card.hidden = !matches(exercise, text, filters);
  const count = entries.filter(({ card }) => !card.hidden).length;
  byId("count").textContent = count > 0 ? t("count-exercises", { count }) : "";
  byId("empty").hidden = count > 0 || entries.length === 0;
  announce(byId("empty").hidden ? "" : t("library-no-match"));
}

function choose(change: Partial<Filters>) {
  filters = { ...filters, ...change };
  history.replaceState(null, "", `${location.pathname}${formatSearch(filters)}`);
  show();
}

for (const name of NAMES) byId(name).addEventListener("input", () => choose({ [name]: byId<"select">(name).value }));
byId("filter").addEventListener("submit", (event: Event) => event.preventDefault());
byId("clear").addEventListener("click", () => {
  choose({ text: "", category: "", muscle: "", equipment: "" });
  fill();
  byId("text").focus();
});

/** Show the athlete's custom exercises, and the button that records one. */
async function loadCustom() {
  await showCustomExercises();
  byId("custom").hidden = false;
}

byId("record").addEventListener("click", () => byId<"example-recorder">("recorder").open());
onDetail(byId("recorder"), "recorded", ({ id, name }: {id: string, name: string}) => {
  void showCustomExercises({ isChanged: true }).then(() => {
    announce(t("custom-recorded", { exercise: name }));
    byId(`exercise-${id}`).focus();
  }).catch(showError);
});

const attempt = () => void Promise.all([load().finally(() => byId("exercises").setAttribute("aria-busy", "false")), loadCustom()]).catch((error) => showError(error, { action: t("try-again"), onAction: attempt }));
attempt();
