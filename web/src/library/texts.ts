/**
 * Loads the texts of the exercise library, and names what the API names by a key.
 * @module
 */

import { words } from "../i18n/format.ts";
import { addTextsOf, t, textOr } from "../i18n/l10n.ts";
import { equipmentName } from "../plans/keys.ts";
import type { Exercise } from "../api/client.ts";

await addTextsOf("library");

export { equipmentName };

/** @param key such as "legs" */
export const categoryName = (key: string) => textOr(`category-${key}`, words(key));

/** @param key such as "lower_back" */
export const muscleName = (key: string) => textOr(`muscle-${key}`, words(key));

/** The equipment of an exercise, or that it needs none. */
export const equipmentNames = ({ equipment }: Exercise) => (equipment.length ? equipment.map(equipmentName) : [t("plans-no-equipment")]);

/** All that a search finds an exercise by. */
export const searchable = (exercise: Exercise) =>
  [exercise.name, categoryName(exercise.category), ...exercise.muscles.map(muscleName), ...equipmentNames(exercise)].join(" ");
