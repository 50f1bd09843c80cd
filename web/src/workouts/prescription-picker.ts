/**
 * Prescription picker: list, overview, and the form for a new workout.
 * @module
 */

import * as api from "../api/client.ts";
import { loadMoreBy } from "../ui/questions.ts";
import { clearProblem, type Advice } from "../ui/banner.ts";
import { announce, byId, focusResult, h, onDetail, uniqueKey } from "../ui/dom.ts";
import { isUnsaved, replaceWork, saveWork } from "../ui/unsaved-work.ts";
import { moment, words } from "../i18n/format.ts";
import { units, type Units } from "../i18n/units.ts";
import { listOpenSessions } from "../live/session-lock.ts";
import { LiveSession } from "../live/live-session.ts";
import * as workoutApi from "./workout-api.ts";
import { showAssigned } from "./assigned.ts";
import { doses } from "./doses.ts";
import { prepareOffline } from "./offline-workouts.ts";
import { stepsOf, type Line } from "./plan.ts";
import { TEMPLATES } from "./templates.ts";
import { workoutCard } from "./workout-card.ts";
import { deleteWorkout } from "./workout-deletion.ts";
import { executionUrl } from "./workout-url.ts";
import { REOPENING } from "../player/error-banner.ts";
import { beforeOf, type ExerciseProgress } from "../player/progress.ts";
import { t } from "../i18n/l10n.ts";
import type { Exercise } from "../api/client.ts";
import { trainable } from "../api/custom-exercises.ts";
import type { Prescription } from "./workout-api.ts";

type Exercises = Map<string, Exercise>;

/** Shows an error. @param otherwise shown if there is no better advice */
type Refused = (error: unknown, otherwise?: Advice) => void;

/** Read a parameter of the URL. */
export function urlParameter(name: "workout" | "session" | "assignment" | "add") {
  return new URLSearchParams(location.search).get(name);
}

/** Show the list of prescriptions and the form for a new one, together. */
export async function choose(refused: Refused) {
  byId("choosing").setAttribute("aria-busy", "true");
  byId("choosing").hidden = false;
  await prepare(refused).finally(() => byId("choosing").removeAttribute("aria-busy"));
}

async function prepare(refused: Refused) {
  const [exercises, athlete, unit] = await Promise.all([trainable(), api.athlete(), units()]);
  const [list, builder] = [byId("workouts"), byId<"program-builder">("builder")];
  const act = (done: Promise<unknown>) => void done.catch(refused);
  const card = (plan: Prescription) => workoutCard(plan, exercises, {
    units: unit, isOwn: plan.authorId === athlete,
    onEdit: (each) => replaceWork(builder, () => act(edit(each, true))),
    onDuplicate: (each) => replaceWork(builder, () => act(edit(each, false))),
    onDelete: (each) => act(deleteWorkout(each, cardOf(list, each) as HTMLElement, { onChange: () => changed(each), refused })),
  });
  const changed = ({ workoutId }: Prescription) => {
    if (edited.workoutId === workoutId) begin(null, null);
    byId("none").hidden = list.querySelector(":scope > li:not([hidden])") !== null;
  };
  let after: string | null = null;
  const load = async () => {
    const page = await workoutApi.prescriptions(after);
    list.append(...page.items.map(card));
    after = page.after;
    byId("more").hidden = after === null;
    byId("none").hidden = list.childElementCount > 0;
    void prepareOffline(page.items.flatMap((plan) => plan.exercises));
  };
  loadMoreBy(byId("more"), list, () => load().catch(refused));
  builder.units = unit;
  builder.offer([...exercises.values()]);
  byId("templates").append(...TEMPLATES.map((each) => h("button", { class: "button quiet", type: "button", onclick: () => replaceWork(builder, () => begin(null, each)) }, each.name)));
  byId("stop-editing").addEventListener("click", () => { begin(null, null); byId("builder-title").focus(); });
  onDetail(builder, "written", (detail: {name: string, exercises: Line[]}) => act(save(detail, athlete, list, card).finally(() => { builder.busy = false; })));
  await Promise.all([load(), showAssigned(exercises).catch((error) => refused(error, REOPENING)), offerUnfinished()]);
  const added = urlParameter("add");
  if (added) {
    builder.beginWith(added);
    showForm();
  }
}

function cardOf(list: HTMLElement, { workoutId }: {workoutId: string}): HTMLElement | null {
  return list.querySelector(`li:has(#${CSS.escape(`workout-${workoutId}`)})`);
}

/** The workout in the form, and the revision that it changes. `workoutId` is null until it is saved. */
let edited: {workoutId: string | null, revision: number} = { workoutId: null, revision: 0 };

/** Begin to write a workout in the form. @param changed workout; null: a new one @param plan to begin with */
function begin(changed: typeof edited | null, plan: {name: string, exercises: Line[]} | null) {
  edited = changed ?? { workoutId: null, revision: 0 };
  clearProblem();
  byId<"program-builder">("builder").fill(plan);
  showTitle();
}

/** Say whether the form changes a workout. */
function showTitle() {
  const isNew = edited.workoutId === null;
  byId("builder-title").textContent = t(isNew ? "create-workout" : "change-workout");
  byId("stop-editing").hidden = isNew;
}

/** Show a workout in the form: to change it, or as the start of a copy. */
async function edit({ workoutId }: Prescription, isChange: boolean) {
  const plan = await workoutApi.editable(workoutId);
  begin(isChange ? plan : null, isChange ? plan : { ...plan, name: t("copy-of", { workout: plan.name }) });
  showForm();
}

/** Bring the form into view, where the name is typed first. */
function showForm() {
  byId("builder-title").scrollIntoView({ block: "start" });
  byId("program-name").focus();
}

/** The latest plan that was sent and its idempotency key; the same plan is written once. */
const sent = { plan: "", key: "" };

/** Save the workout, and clear the form. What is typed meanwhile stays, as changes of the same workout. */
async function save(plan: {name: string, exercises: Line[]}, athlete: string, list: HTMLElement, card: (plan: Prescription) => HTMLElement) {
  clearProblem();
  const builder = byId<"program-builder">("builder");
  builder.busy = true;
  const written = edited, { workoutId: id, revision } = written;
  const body = JSON.stringify([id, revision, plan]);
  if (sent.plan !== body) Object.assign(sent, { plan: body, key: uniqueKey() });
  await saveWork(builder, async () => {
    const { workoutId } = await (id === null ? workoutApi.prescribe(plan, athlete, sent.key) : workoutApi.revise({ workoutId: id, revision }, plan, sent.key).catch((error) => showNewer(error, written, list, card)));
    Object.assign(written, { workoutId, revision: revision + 1 });
  });
  sent.plan = "";
  const saved = { ...plan, workoutId: written.workoutId as string, authorId: athlete };
  const [shown, before] = [card(saved), cardOf(list, saved)];
  if (before) before.replaceWith(shown);
  else list.prepend(shown);
  byId("none").hidden = true;
  announce(t("workout-saved", { workout: plan.name }));
  if (edited !== written) return; // the form has another workout by now
  if (isUnsaved(builder)) showTitle();
  else {
    begin(null, null);
    focusResult(shown);
  }
}

/** Show in the list how a workout was changed elsewhere; saving again replaces it. @throws {Problem} that says so */
async function showNewer(error: unknown, changed: typeof edited, list: HTMLElement, card: (plan: Prescription) => HTMLElement): Promise<never> {
  if (!(error instanceof api.Problem) || error.code !== workoutApi.WORKOUT_CHANGED) throw error;
  const newer = await workoutApi.editable(changed.workoutId as string);
  if (edited === changed) edited = newer; // otherwise the form has another workout by now
  cardOf(list, newer)?.replaceWith(card(newer));
  throw new api.Problem({ title: t("workout-changed"), detail: t("workout-changed-advice"), code: error.code, status: error.status });
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

/** Show the lines of a prescription with previous results. */
export function overview({ exercises: lines }: {exercises: Line[]}, exercises: Exercises, progress: Map<string, ExerciseProgress>, units: Units) {
  void prepareOffline(lines);
  byId("back").hidden = byId("overview").hidden = false;
  const firsts = stepsOf(lines).filter(({ set }) => set === 1);
  byId("lines").replaceChildren(...lines.map((line, index) => {
    const before = beforeOf(progress.get(line.exerciseId), firsts[index]);
    const previous = [["line-last-time", before?.last], ["line-record", before?.record]].filter(([, amount]) => amount);
    return h("li", null, h("b", null, exercises.get(line.exerciseId)?.name ?? words(line.exerciseId)), h("span", null, doses(line, units)),
      h("span", { class: "muted" }, previous.length ? previous.map(([what, amount]) => t(String(what), { amount: String(amount) })).join(", ") : t("line-first-time"), ` · ${t("line-rest", { seconds: line.restS })}`),
      line.note && h("span", { class: "line-note", dir: "auto" }, line.note));
  }));
}
