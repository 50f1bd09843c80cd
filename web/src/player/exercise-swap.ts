/**
 * Swap of the next exercise for another one of the same kind, which keeps the sets and their targets.
 * @module
 */

import { useWorkoutStore as store } from "../stores/workout.ts";
import { announce, byId, h } from "../ui/dom.ts";
import * as workoutApi from "../workouts/workout-api.ts";
import { current, isBetweenSets } from "./state-machine.ts";
import { t } from "../i18n/l10n.ts";
import type { Exercise } from "../api/client.ts";
import type { Player } from "./player.ts";
import type { ExerciseProgress } from "./progress.ts";

type Progress = Map<string, ExerciseProgress>;
/** `progress`: previous results, to which those of the other exercise are added */
type Dependencies = {player: Player, progress: () => Progress, refused: (error: unknown) => void};

/** The exercises that can take the place of another. */
const alike = (exercises: Iterable<Exercise>, unit: "repetitions" | "hold") => [...exercises].filter(({ kind }) => (kind === "hold") === (unit === "hold"));

/** The list of exercises to swap for. */
export class ExerciseSwap {
  #player;
  #progress;
  #refused;
  #exercises: Exercise[] = [];

  constructor({ player, progress, refused }: Dependencies) {
    this.#player = player;
    this.#progress = progress;
    this.#refused = refused;
    byId("swap").addEventListener("change", () => void this.#swap(byId<"select">("swap").value).catch(this.#refused));
    store.subscribe(() => this.#show());
  }

  /** Offer exercises. */
  offer(exercises: Iterable<Exercise>) {
    this.#exercises = [...exercises];
    this.#show();
  }

  /** Swap by voice: for the requested exercise, or the next in the list. */
  async next(requested: string | null) {
    const { guided } = store.get();
    const step = guided && isBetweenSets(guided) && current(guided);
    if (!step) return;
    const others = alike(this.#exercises, step.unit);
    const after = others[(others.findIndex(({ id }) => id === step.exerciseId) + 1) % others.length];
    const other = others.find(({ id }) => id === requested) ?? after;
    if (other) await this.#swap(other.id).catch(this.#refused);
  }

  /** @throws {Problem} */
  async #swap(exerciseId: string) {
    const { guided } = store.get();
    const step = guided && current(guided);
    if (!step || step.exerciseId === exerciseId) return;
    const player = this.#player;
    await player.define([{ exerciseId }]);
    const { athleteId } = player.reporter.session ?? {};
    if (athleteId) for (const [id, results] of await workoutApi.progress(athleteId, [{ ...player.reporter.lineOf(step), exerciseId }])) this.#progress().set(id, results);
    const planned = player.reporter.lineOf(step);
    const loadKg = planned.exerciseId === exerciseId ? planned.loadKg ?? null : null; // the load was meant for the planned exercise
    if (!player.apply({ kind: "swapped", exerciseId, loadKg })) return;
    player.watchForNext();
    announce(t("is-next", { exercise: player.definition(exerciseId).name }));
  }

  #show() {
    const { guided } = store.get();
    const step = guided && isBetweenSets(guided) ? current(guided) : null;
    const others = step ? alike(this.#exercises, step.unit) : [];
    byId("swap-field").hidden = others.length < 2;
    if (!step || others.length < 2) return;
    const list = byId<"select">("swap");
    const offered = others.map(({ id }) => id).join();
    if (list.dataset.offered !== offered) list.replaceChildren(...others.map(({ id, name }) => h("option", { value: id }, name)));
    list.dataset.offered = offered;
    if (list.value !== step.exerciseId) list.value = step.exerciseId;
  }
}
