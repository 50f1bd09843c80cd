/**
 * Workouts that a trainer assigns to one athlete: what was assigned, and a form to assign or change.
 * @module
 */

import "./texts.ts";
import "../workouts/program-builder.ts";
import { exercises, request, send, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { clearProblem } from "../ui/banner.ts";
import { announce, byId, h, uniqueKey, onDetail } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { fieldAttributes } from "../ui/schema-fields.ts";
import { isUnsaved, replaceWork, saveWork } from "../ui/unsaved-work.ts";
import { todayIn } from "../i18n/calendar.ts";
import { clockZone } from "../i18n/display-settings.ts";
import { calendarDay, words } from "../i18n/format.ts";
import { units, type Units } from "../i18n/units.ts";
import { t } from "../i18n/l10n.ts";
import { doses } from "../workouts/doses.ts";
import type { Line } from "../workouts/plan.ts";

type Assignment = Schemas["Assignment"];

const STATES: Record<Assignment["state"], string> = { assigned: t("assign-state-assigned"), begun: t("assign-state-begun"), done: t("assign-state-done"), declined: t("assign-state-declined"), withdrawn: t("assign-state-withdrawn") };

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };

/** The list and the form for one athlete. */
export class AssignedWorkouts {
  #path;
  #due = h("input", { type: "date", name: "due", required: true });
  #note = h("textarea", { ...fieldAttributes("AssignWorkout.note"), name: "note", rows: 2, dir: "auto" });
  #key = new RetryKey();
  /** The workout in the form, and the revision that it shows. `id` is null until it is assigned. */
  #shown: {id: string | null, revision: number} = { id: null, revision: 0 };
  /** What is in the list. */
  #workouts: Assignment[] = [];
  #names: Awaited<ReturnType<typeof exercises>> = new Map();
  #units: Units = "metric";

  constructor(athleteId: string) {
    this.#path = `/v1/athletes/${encodeURIComponent(athleteId)}/assignments` as const;
  }

  /** Show the list and offer the form. */
  async open() {
    [this.#names, this.#units] = await Promise.all([exercises(), units()]);
    const builder = byId<"program-builder">("assign-builder");
    builder.units = this.#units;
    builder.add(h("label", { class: "field" }, h("span", null, t("assign-day")), this.#due), h("label", { class: "field" }, h("span", null, t("assign-note")), this.#note));
    builder.offer([...this.#names.values()]);
    onDetail(builder, "written", (detail: {name: string, exercises: Line[]}) => void this.#save(detail).catch(showError).finally(() => { builder.busy = false; }));
    byId("assign").addEventListener("click", () => this.#edit(null));
    byId("assign-cancel").addEventListener("click", () => this.#close());
    await this.#list();
    byId("assign-box").hidden = false;
  }

  async #list() {
    this.#workouts = (await request(this.#path)).items;
    byId("assigned").replaceChildren(...(this.#workouts.length ? this.#workouts.map((each) => this.#row(each)) : [h("li", { class: "muted" }, t("assign-none"))]));
  }

  #row({ assignmentId, name, note, dueOn, state, sessionId, exercises: lines }: Assignment) {
    const id = `assigned-${assignmentId}`;
    const key = uniqueKey();
    const button = (words: string, onclick: () => void) => h("button", { class: "button", type: "button", "aria-describedby": id, onclick }, words);
    const choices = state === "assigned"
      ? [button(t("assign-change"), () => this.#change(assignmentId)), button(t("assign-take-back"), () => void this.#takeBack(assignmentId, key).catch(showError))]
      : sessionId && (state === "begun" || state === "done") ? [h("a", { class: "button", href: `/#session=${encodeURIComponent(sessionId)}`, "aria-describedby": id }, t("home-open-session"))] : [];
    return h("li", { class: "athlete-row" },
      h("div", null, h("h3", { id }, h("bdi", null, name)),
        h("p", { class: "muted" }, `${calendarDay(dueOn, DATE)} · ${STATES[state]}`),
        note && h("p", { dir: "auto" }, note),
        h("ul", null, lines.map((line) => h("li", null, `${this.#names.get(line.exerciseId)?.name ?? words(line.exerciseId)}: ${doses(line, this.#units)}`)))),
      choices.length > 0 && h("div", { class: "choices" }, choices));
  }

  #change(id: string) {
    replaceWork(byId("assign-builder"), () => {
      const workout = this.#workouts.find(({ assignmentId }) => assignmentId === id);
      if (workout) this.#edit(workout);
    });
  }

  /** @param workout to change; null: a new one */
  #edit(workout: Assignment | null) {
    this.#fill(workout);
    byId("assign-form").hidden = false;
    byId("assign").hidden = true;
    byId("assign-form-title").focus();
  }

  #fill(workout: Assignment | null) {
    this.#shown = { id: workout?.assignmentId ?? null, revision: workout?.revision ?? 0 };
    this.#due.value = workout?.dueOn ?? todayIn(clockZone());
    this.#note.value = workout?.note ?? "";
    byId("assign-form-title").textContent = workout ? t("assign-change-title") : t("assign");
    byId<"program-builder">("assign-builder").fill(workout);
  }

  #close() {
    this.#fill(null);
    byId("assign-form").hidden = true;
    byId("assign").hidden = false;
    byId("assign").focus();
  }

  /** Save the workout, and close its form. What is typed meanwhile stays, as changes of the same workout or as another one. */
  async #save(plan: {name: string, exercises: Line[]}) {
    clearProblem();
    const builder = byId<"program-builder">("assign-builder");
    builder.busy = true;
    const shown = this.#shown;
    const { id, revision } = shown;
    const body = { ...plan, note: this.#note.value.trim(), dueOn: this.#due.value };
    const headers = this.#key.headers({ ...body, id, revision });
    await saveWork(builder, async () => {
      const { assignmentId } = id ? await send("PUT", this.#one(id), { ...body, revision }, headers) : await send("POST", this.#path, body, headers);
      this.#key = new RetryKey(); // the same workout can be assigned again
      Object.assign(shown, { id: assignmentId, revision: revision + 1 });
      await this.#show(id ? t("assign-changed") : t("assign-done", { workout: plan.name }));
    });
    if (this.#shown === shown) {
      if (isUnsaved(builder)) byId("assign-form-title").textContent = t("assign-change-title");
      else this.#close();
    }
  }

  /** Say what was done, and show the list that follows from it. */
  async #show(done: string) {
    announce(done);
    const again = () => void this.#list().catch(showError);
    await this.#list().catch((error) => showError(error, { kept: done, action: t("try-again"), onAction: again }));
  }

  async #takeBack(id: string, key: string) {
    clearProblem();
    await request(this.#one(id), { method: "DELETE", headers: { "Idempotency-Key": key } });
    await this.#show(t("assign-taken-back"));
    byId("assign").focus();
  }

  #one(id: string) {
    return `${this.#path}/${encodeURIComponent(id)}` as const;
  }
}
