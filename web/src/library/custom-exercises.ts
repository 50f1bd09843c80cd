/**
 * The athlete's custom exercises on the page of exercises: train, rename, delete, and record one.
 * @module
 */

import { send, stayDuring } from "../api/client.ts";
import { customExercises } from "../api/custom-exercises.ts";
import { t } from "../i18n/l10n.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { showError } from "../ui/forms.ts";
import { latest } from "../ui/latest.ts";
import type { Exercise } from "../api/client.ts";

const pathOf = ({ id }: Exercise) => `/v1/custom-exercises/${encodeURIComponent(id)}` as const;
const idOf = ({ id }: Exercise) => `exercise-${id}`;

/** Show the exercises. @param changed whether they were changed since they were loaded */
export const showCustomExercises = latest(({ isChanged = false }: {isChanged?: boolean} = {}) => customExercises({ isChanged }), (all) => {
  byId("custom-list").replaceChildren(...all.map(card));
});

function card(exercise: Exercise): HTMLLIElement {
  const heading = idOf(exercise);
  const words = h("h3", { id: heading, tabindex: "-1" }, exercise.name);
  const rename = h("button", { class: "button quiet", type: "button", "aria-describedby": heading, onclick: () => words.parentElement?.replaceWith(form(exercise)) }, t("rename"));
  const remove = h("button", { class: "button quiet", type: "button", "aria-describedby": heading, onclick: () => askToDelete(exercise) }, t("delete"));
  return h("li", { class: "custom-exercise" },
    h("div", { class: "custom-name" }, words),
    h("div", { class: "choices" },
      h("a", { class: "button primary", href: `/pose_realtime.html?${new URLSearchParams({ exercise: exercise.id })}`, "aria-describedby": heading }, t("library-train")),
      h("a", { class: "button quiet", href: `/workout_player.html?${new URLSearchParams({ add: exercise.id })}`, "aria-describedby": heading }, t("library-add")),
      rename, remove));
}

/** The form for another name, in the place of the name. */
function form(exercise: Exercise) {
  const name = h("input", { ...fieldAttributes("RenameCustomExercise.name"), id: `name-${exercise.id}`, value: exercise.name, dir: "auto", autocomplete: "off" });
  const submit = async (event: Event) => {
    event.preventDefault();
    await stayDuring(() => send("PUT", pathOf(exercise), { name: name.value }, { "Idempotency-Key": uniqueKey() }));
    await changed(t("custom-renamed", { exercise: name.value }));
    byId(idOf(exercise)).focus();
  };
  const made = h("form", { class: "custom-name", onsubmit: (event: Event) => void submit(event).catch(showError) },
    h("label", { class: "field", for: name.id }, h("span", null, t("custom-name")), name),
    h("button", { class: "button", type: "submit" }, t("save")));
  requestAnimationFrame(() => name.focus());
  return made;
}

function askToDelete(exercise: Exercise) {
  const dialog = h("dialog", { class: "modal", "aria-labelledby": "custom-delete" },
    h("form", { method: "dialog" },
      h("h2", { id: "custom-delete" }, t("custom-delete", { exercise: exercise.name })),
      h("p", null, t("custom-delete-detail")),
      h("div", { class: "choices" },
        h("button", { class: "button primary", value: "delete" }, t("delete")),
        h("button", { class: "button", value: "" }, t("cancel")))));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "delete") void remove(exercise).catch(showError);
  });
  document.body.append(dialog);
  dialog.showModal();
}

async function remove(exercise: Exercise) {
  await send("DELETE", pathOf(exercise), {}, { "Idempotency-Key": uniqueKey() });
  await changed(t("custom-deleted", { exercise: exercise.name }));
  byId("record").focus();
}

async function changed(words: string) {
  await showCustomExercises({ isChanged: true });
  announce(words);
}
