/**
 * Prescription picker: list, overview, and the form for a new workout.
 * @module
 */

import * as api from "../api/client.js";
import { clearProblem } from "../ui/banner.js";
import { announce, byId, h, uniqueKey } from "../ui/dom.js";
import { moment } from "../i18n/format.js";
import { units } from "../i18n/units.js";
import { listOpenSessions } from "../live/session-lock.js";
import { LiveSession } from "../live/live-session.js";
import * as workoutApi from "./workout-api.js";
import { showAssigned } from "./assigned.js";
import { doses } from "./doses.js";
import { prepareOffline } from "./offline-workouts.js";
import { stepsOf } from "./plan.js";
import { TEMPLATES } from "./templates.js";
import { workoutCard } from "./workout-card.js";
import { deleteWorkout } from "./workout-deletion.js";
import { executionUrl } from "./workout-url.js";
import { beforeOf } from "../player/progress.js";
import { t } from "../i18n/l10n.js";

/** @typedef {import("./workout-api.js").Prescription} Prescription */
/** @typedef {import("./plan.js").Line} Line */
/** @typedef {Map<string, import("../api/client.js").Exercise>} Exercises */

/** Read a parameter of the URL. @param {"workout" | "session" | "assignment"} name */
export function urlParameter(name) {
  return new URLSearchParams(location.search).get(name);
}

/** Show the list of prescriptions and the form for a new one. @param {(error: unknown) => void} refused */
export async function choose(refused) {
  byId("choosing").hidden = false;
  const [exercises, athlete, unit] = await Promise.all([api.exercises(), api.athlete(), units()]);
  const [list, builder] = [byId("workouts"), byId("builder")];
  const act = (/** @type {Promise<unknown>} */ done) => void done.catch(refused);
  const card = (/** @type {Prescription} */ plan) => workoutCard(plan, exercises, {
    units: unit, isOwn: plan.authorId === athlete,
    onEdit: (each) => act(edit(each, true)),
    onDuplicate: (each) => act(edit(each, false)),
    onDelete: (each) => act(deleteWorkout(each, /** @type {HTMLElement} */ (cardOf(list, each)), { onChange: () => changed(each), refused })),
  });
  const changed = (/** @type {Prescription} */ { workoutId }) => {
    if (edited === workoutId) begin(null, null);
    byId("none").hidden = list.querySelector(":scope > li:not([hidden])") !== null;
  };
  /** @type {string | null} */
  let after = null;
  const load = async () => {
    const page = await workoutApi.prescriptions(after);
    list.append(...page.items.map(card));
    after = page.after;
    byId("more").hidden = after === null;
    byId("none").hidden = list.childElementCount > 0;
    list.setAttribute("aria-busy", "false");
    void prepareOffline(page.items.flatMap((plan) => plan.exercises));
  };
  byId("more").addEventListener("click", () => act(load()));
  builder.units = unit;
  builder.offer([...exercises.values()]);
  byId("templates").append(...TEMPLATES.map((each) => h("button", { class: "button quiet", type: "button", onclick: () => begin(null, each) }, each.name)));
  byId("stop-editing").addEventListener("click", () => { begin(null, null); byId("builder-title").focus(); });
  builder.addEventListener("written", (/** @type {CustomEvent} */ { detail }) => act(save(detail, athlete, list, card).finally(() => { builder.busy = false; })));
  await Promise.all([load(), showAssigned(exercises).catch(refused)]);
  await offerUnfinished();
}

/** @param {HTMLElement} list @param {{workoutId: string}} plan @returns {HTMLElement | null} */
function cardOf(list, { workoutId }) {
  return list.querySelector(`li:has(#${CSS.escape(`workout-${workoutId}`)})`);
}

/** ID of the workout that the form changes; null: it writes a new one. @type {string | null} */
let edited = null;

/** Begin to write a workout in the form. @param {string | null} id of the workout to change @param {{name: string, exercises: Line[]} | null} plan to begin with */
function begin(id, plan) {
  edited = id;
  clearProblem();
  byId("builder").fill(plan);
  byId("builder-title").textContent = t(id ? "change-workout" : "create-workout");
  byId("stop-editing").hidden = id === null;
}

/** Show a workout in the form: to change it, or as the start of a copy. @param {Prescription} plan @param {boolean} isChange */
async function edit({ workoutId }, isChange) {
  const plan = await workoutApi.editable(workoutId);
  begin(isChange ? workoutId : null, isChange ? plan : { ...plan, name: t("copy-of", { workout: plan.name }) });
  byId("builder-title").scrollIntoView({ block: "start" });
  byId("program-name").focus();
}

/** The latest plan that was sent and its idempotency key; the same plan is written once. */
const sent = { plan: "", key: "" };

/** @param {{name: string, exercises: Line[]}} plan @param {string} athlete @param {HTMLElement} list @param {(plan: Prescription) => HTMLElement} card */
async function save(plan, athlete, list, card) {
  clearProblem();
  byId("builder").busy = true;
  const changed = edited;
  const body = JSON.stringify([changed, plan]);
  if (sent.plan !== body) Object.assign(sent, { plan: body, key: uniqueKey() });
  const { workoutId } = await (changed ? workoutApi.revise(changed, plan, sent.key) : workoutApi.prescribe(plan, athlete, sent.key));
  sent.plan = "";
  const shown = card({ ...plan, workoutId, authorId: athlete });
  const before = cardOf(list, { workoutId });
  if (before) before.replaceWith(shown);
  else list.prepend(shown);
  byId("none").hidden = true;
  begin(null, null);
  announce(t("workout-saved", { workout: plan.name }));
  shown.querySelector("a")?.focus();
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

/** Show the lines of a prescription with previous results. @param {{exercises: Line[]}} plan @param {Exercises} exercises @param {Map<string, import("../player/progress.js").ExerciseProgress>} progress @param {import("../i18n/units.js").Units} units */
export function overview({ exercises: lines }, exercises, progress, units) {
  void prepareOffline(lines);
  byId("back").hidden = byId("overview").hidden = false;
  const firsts = stepsOf(lines).filter(({ set }) => set === 1);
  byId("lines").replaceChildren(...lines.map((line, index) => {
    const before = beforeOf(progress.get(line.exerciseId), firsts[index]);
    const previous = [["line-last-time", before?.last], ["line-record", before?.record]].filter(([, amount]) => amount);
    return h("li", null, h("b", null, exercises.get(line.exerciseId)?.name ?? line.exerciseId), h("span", null, doses(line, units)),
      h("span", { class: "muted" }, previous.length ? previous.map(([what, amount]) => t(String(what), { amount: String(amount) })).join(", ") : t("line-first-time"), ` · ${t("line-rest", { seconds: line.restS })}`));
  }));
}
