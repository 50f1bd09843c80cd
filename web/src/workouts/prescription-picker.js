/**
 * Prescription picker: list, overview, and the form for a new workout.
 * @module
 */

import * as api from "../api/client.js";
import { clearProblem } from "../ui/banner.js";
import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { moment } from "../i18n/format.js";
import { listOpenSessions } from "../live/session-lock.js";
import { LiveSession } from "../live/live-session.js";
import * as workoutApi from "./workout-api.js";
import { showAssigned } from "./assigned.js";
import { doses } from "./doses.js";
import { prepareOffline } from "./offline-workouts.js";
import { minutesOf, stepsOf } from "./plan.js";
import { executionUrl, workoutUrl } from "./workout-url.js";
import { beforeOf } from "../player/progress.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("./workout-api.js").Prescription} Prescription */
/** @typedef {import("./plan.js").Line} Line */
/** @typedef {Map<string, import("../api/client.js").Exercise>} Exercises */

/** Read a parameter of the URL. @param {"workout" | "session" | "assignment"} name */
export function urlParameter(name) {
  return new URLSearchParams(location.search).get(name);
}

/** @param {Prescription} plan @param {Exercises} exercises */
function card({ workoutId, name, exercises: lines }, exercises) {
  const id = `workout-${workoutId}`;
  return h("li", { class: "workout-card" },
    h("h3", { id }, h("bdi", null, name)),
    h("p", { class: "muted" }, t("plans-size", { sets: t("count-sets", { count: stepsOf(lines).length }), minutes: minutesOf(lines) })),
    h("ul", { class: "prescription-lines" }, lines.map((line) => h("li", null, `${exercises.get(line.exerciseId)?.name ?? line.exerciseId}: ${doses(line)}`))),
    h("a", { class: "button", href: workoutUrl(workoutId), "aria-describedby": id }, t("select")));
}

/** Show the list of prescriptions and the form for a new one. @param {(error: unknown) => void} refused */
export async function choose(refused) {
  byId("choosing").hidden = false;
  const exercises = await api.exercises();
  const list = byId("workouts");
  /** @type {string | null} */
  let after = null;
  const load = async () => {
    const page = await workoutApi.prescriptions(after);
    list.append(...page.items.map((plan) => card(plan, exercises)));
    after = page.after;
    byId("more").hidden = after === null;
    byId("none").hidden = list.childElementCount > 0;
    list.setAttribute("aria-busy", "false");
    void prepareOffline(page.items.flatMap((plan) => plan.exercises));
  };
  byId("more").addEventListener("click", () => void load().catch(refused));
  byId("builder").offer([...exercises.values()]);
  byId("builder").addEventListener("written", ({ detail }) => void save(detail, list, exercises).catch(refused).finally(() => { byId("builder").busy = false; }));
  await Promise.all([load(), showAssigned(exercises).catch(refused)]);
  await offerUnfinished();
}

/** The latest plan that was sent and its idempotency key; the same plan is created once. */
const sent = { plan: "", key: "" };

/** @param {{name: string, exercises: Line[]}} plan @param {HTMLElement} list @param {Exercises} exercises */
async function save(plan, list, exercises) {
  clearProblem();
  byId("builder").busy = true;
  const body = JSON.stringify(plan);
  if (sent.plan !== body) Object.assign(sent, { plan: body, key: uniqueKey() });
  const written = await workoutApi.prescribe(plan, await api.athlete(), sent.key);
  sent.plan = "";
  list.prepend(card({ ...plan, workoutId: written.workoutId }, exercises));
  byId("none").hidden = true;
  byId("builder").clear();
  announce(t("workout-saved", { workout: plan.name }));
  list.querySelector("a").focus();
}

/** Offer to resume a workout that was left in this browser. */
async function offerUnfinished() {
  const [athleteId, busy] = [await api.athlete(), await listOpenSessions()];
  const [left] = (await LiveSession.unfinished())
    .filter((each) => each.workoutId && each.athleteId === athleteId && !busy.has(each.sessionId))
    .sort((a, b) => b.startedAt - a.startedAt);
  if (!left?.workoutId) return;
  const link = h("a", { class: "button", href: executionUrl(left.sessionId) }, t("resume"));
  byId("notice").replaceChildren(h("p", { class: "notice" }, h("span", null, t("unfinished-workout", { moment: moment(new Date(left.startedAt).toISOString()).textContent ?? "" })), link));
}

/** Show the lines of a prescription with previous results. @param {{exercises: Line[]}} plan @param {Exercises} exercises @param {Map<string, import("../player/progress.js").ExerciseProgress>} progress */
export function overview({ exercises: lines }, exercises, progress) {
  void prepareOffline(lines);
  byId("back").hidden = byId("overview").hidden = false;
  const firsts = stepsOf(lines).filter(({ set }) => set === 1);
  byId("lines").replaceChildren(...lines.map((line, index) => {
    const before = beforeOf(progress.get(line.exerciseId), firsts[index]);
    const previous = [["line-last-time", before?.last], ["line-record", before?.record]].filter(([, amount]) => amount);
    return h("li", null, h("b", null, exercises.get(line.exerciseId)?.name ?? line.exerciseId), h("span", null, doses(line)),
      h("span", { class: "muted" }, previous.length ? previous.map(([what, amount]) => t(String(what), { amount: String(amount) })).join(", ") : t("line-first-time"), ` · ${t("line-rest", { seconds: line.restS })}`));
  }));
}
