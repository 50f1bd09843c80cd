/**
 * The athlete's custom exercises on the page of exercises: train, rename, delete, and record one.
 * @module
 */

import { send } from "../api/client.ts";
import { customExercises } from "../api/custom-exercises.ts";
import { RetryKey } from "../api/retry-key.ts";
import { t } from "../i18n/l10n.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { onEscape } from "../ui/escape-key.ts";
import { onSubmit, showError } from "../ui/forms.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { latest } from "../ui/latest.ts";
import type { Exercise } from "../api/client.ts";

const pathOf = ({ id }: Exercise) => `/v1/custom-exercises/${encodeURIComponent(id)}` as const;
const idOf = ({ id }: Exercise) => `exercise-${id}`;

/** Rows with a form for another name, by exercise: a change of another exercise keeps what is typed. */
const renamed: Map<string, Element> = new Map();

/** Show the exercises. @param changed whether they were changed since they were loaded */
export const showCustomExercises = latest(({ isChanged = false }: {isChanged?: boolean} = {}) => customExercises({ isChanged }), (all) => {
  byId("custom-list").replaceChildren(...all.map((each) => renamed.get(each.id) ?? card(each)));
});

function card(exercise: Exercise): HTMLLIElement {
  const heading = idOf(exercise);
  const words = h("h3", { id: heading, tabindex: "-1" }, exercise.name);
  const key = uniqueKey();
  const shown = h("div", { class: "custom-name" }, words);
  const rename = h("button", { class: "button quiet", type: "button", "aria-describedby": heading, onclick: () => { shown.replaceWith(form(exercise, shown, rename)); renamed.set(exercise.id, row); } }, t("rename"));
  const remove = h("button", { class: "button quiet", type: "button", "aria-describedby": heading, onclick: () => askToDelete(exercise, key) }, t("delete"));
  const row = h("li", { class: "custom-exercise" },
    shown,
    h("div", { class: "choices" },
      h("a", { class: "button primary", href: `/pose_realtime.html?${new URLSearchParams({ exercise: exercise.id })}`, "aria-describedby": heading }, t("library-train")),
      h("a", { class: "button quiet", href: `/workout_player.html?${new URLSearchParams({ add: exercise.id })}`, "aria-describedby": heading }, t("library-add")),
      rename, remove));
  return row;
}

/** The form for another name, in the place of the name, which Escape brings back. */
function form(exercise: Exercise, shown: HTMLElement, rename: HTMLElement) {
  const name = h("input", { ...fieldAttributes("RenameCustomExercise.name"), id: `name-${exercise.id}`, value: exercise.name, dir: "auto", autocomplete: "off" });
  const key = new RetryKey();
  const made = h("form", { class: "custom-name" },
    h("label", { class: "field", for: name.id }, h("span", null, t("custom-name")), name),
    h("button", { class: "button", type: "submit" }, t("save")));
  onSubmit(made, async () => {
    const body = { name: name.value };
    await send("PUT", pathOf(exercise), body, key.headers(body));
    renamed.delete(exercise.id);
    await changed(t("custom-renamed", { exercise: body.name }));
    byId(idOf(exercise)).focus();
  });
  onEscape(made, () => {
    renamed.delete(exercise.id);
    made.replaceWith(shown);
    rename.focus();
  });
  requestAnimationFrame(() => name.focus());
  return made;
}

function askToDelete(exercise: Exercise, key: string) {
  const dialog = h("dialog", { class: "modal", "aria-labelledby": "custom-delete" },
    h("form", { method: "dialog" },
      h("h2", { id: "custom-delete" }, t("custom-delete", { exercise: exercise.name })),
      h("p", null, t("custom-delete-detail")),
      h("div", { class: "choices" },
        h("button", { class: "button primary", value: "delete" }, t("delete")),
        h("button", { class: "button", value: "" }, t("cancel")))));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "delete") void remove(exercise, key).catch(showError);
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** @param key idempotency key of the row, so that a retry after a lost answer is accepted */
async function remove(exercise: Exercise, key: string) {
  await send("DELETE", pathOf(exercise), {}, { "Idempotency-Key": key });
  await changed(t("custom-deleted", { exercise: exercise.name }));
  byId("record").focus();
}

async function changed(words: string) {
  await showCustomExercises({ isChanged: true });
  announce(words);
}
