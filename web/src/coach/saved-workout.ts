/**
 * Saved workout element: the feedback of the pose coach, and whether both stores have the workout.
 * @module
 */

import { exercisesFor, Problem, type Exercise, type Session } from "../api/client.ts";
import { words } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { announce, h } from "../ui/dom.ts";
import { storeStates } from "../ui/store-states.ts";
import { followStores, stopWorkout, type CoachSession } from "./stop-workout.ts";

/** Longest wait for both stores before the states are shown. */
const PATIENCE_MS = 5000;

/** Whether both stores have tried to save a session. */
const isTried = ({ sinks }: CoachSession) => sinks.document !== "PENDING" && sinks.analytics !== "PENDING";

/** `<saved-workout>`: empty if the camera did not judge the workout. */
export class SavedWorkout extends HTMLElement {
  #following = new AbortController();
  #states = h("div", { class: "saved-workouts", role: "status" });
  #alert = h("div", { role: "alert" });

  connectedCallback() {
    stopWorkout().catch((error) => { if (!(error instanceof Problem)) throw error; }); // what an earlier page could not send
  }

  disconnectedCallback() {
    this.#following.abort();
  }

  /** Save a workout, and wait until both stores have tried to save it, or for a while. @param session result of the query SESSION */
  async show(session: Session) {
    this.#following.abort();
    this.#following = new AbortController();
    announce(t("saving-workout"));
    try {
      const saved = await stopWorkout(session);
      if (saved.length === 0) return;
      this.replaceChildren(h("h3", null, t("saved-workout")), ...saved.map((each) => h("p", { class: "feedback" }, each.motivationalFeedback)), this.#states, this.#alert);
      await this.#follow(saved.map(({ sessionId }) => sessionId), await exercisesFor(session.sets.map(({ exerciseId }) => exerciseId)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#alert.replaceChildren(h("p", null, t("workout-not-saved"), " ", error.status === 422 ? error.message : t("workout-kept")));
      this.replaceChildren(this.#alert);
    }
  }

  /** Show the states from now on, each once, so that screen readers do not repeat it; resolves when no session is pending. */
  async #follow(ids: string[], names: Map<string, Exercise>) {
    const { promise, resolve } = Promise.withResolvers();
    setTimeout(resolve, PATIENCE_MS);
    let shown = "";
    void followStores(ids, (sessions) => {
      const states = JSON.stringify(sessions.map(({ sessionId, sinks }) => [sessionId, sinks]));
      if (states === shown) return;
      shown = states;
      this.#states.replaceChildren(...sessions.map((each) => h("section", null, h("h4", null, names.get(each.exercise)?.name ?? words(each.exercise)), storeStates(each))));
      const isDelayed = sessions.some(({ sinks }) => sinks.document !== "SAVED" && sinks.document !== "PENDING");
      this.#alert.replaceChildren(...(isDelayed ? [h("p", null, t("documents-delayed"))] : []));
      if (sessions.length === ids.length && sessions.every(isTried)) resolve(undefined);
    }, this.#following.signal);
    await promise;
  }
}

customElements.define("saved-workout", SavedWorkout);

declare global {
  interface HTMLElementTagNameMap { "saved-workout": SavedWorkout }
}
