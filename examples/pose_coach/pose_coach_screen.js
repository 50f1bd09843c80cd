/**
 * Pose coach screen: stops a workout, shows the summary once both stores have tried to save it, and the history.
 * @module
 */

import { ApiService, Refused } from "./api_service.js";
import { AuthenticationProvider } from "./authentication_provider.js";
import { PoseFirebaseService } from "./pose_firebase_service.js";

/** @typedef {import("./api_service.js").Workout} Workout */
/** @typedef {import("./pose_firebase_service.js").WorkoutSession} WorkoutSession */
/** @typedef {import("./pose_firebase_service.js").WorkoutStats} WorkoutStats */

/** Longest wait for both stores before the summary is shown all the same. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 200;

/** What a state of a session in a store means. @type {Record<string, string>} */
const STATES = {
  pending: "being saved", saved: "saved", retrying: "delayed, retrying", waiting: "waiting for your profile",
  failed: "not saved; ask the operator", deleted: "deleted",
};

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const element = (id) => /** @type {T} */ (document.getElementById(id));

const server = new URLSearchParams(location.search).get("server") ?? "http://127.0.0.1:8765";
const auth = new AuthenticationProvider(server);
const api = new ApiService(server, auth);
const documents = new PoseFirebaseService(api);

/** Workouts that could not be saved, of one user. @param {string} userId @returns {Workout[]} */
const unsentOf = (userId) => JSON.parse(localStorage.getItem(`unsent.${userId}`) ?? "[]");

/** @param {string} userId @param {Workout[]} unsent */
const keep = (userId, unsent) => localStorage.setItem(`unsent.${userId}`, JSON.stringify(unsent));

/**
 * Save a workout in the document store, then in the backend. Neither save prevents the other.
 * @param {string} userId @param {Workout} workout @returns {Promise<{feedback: string | null, problems: string[]}>}
 */
export async function stopWorkout(userId, workout) {
  keep(userId, [...unsentOf(userId), workout]);
  /** @type {string[]} */
  const problems = [];
  let feedback = null;
  let isDone = false;
  /** @param {unknown} error */
  const note = (error) => {
    if (!(error instanceof Error)) throw error;
    problems.push(error.message);
    isDone ||= error instanceof Refused; // sending it again would change nothing
  };
  await documents.saveWorkoutSession(userId, workout).then(() => { isDone = true; }, note);
  await api.sendPoseSummary(workout).then((text) => { feedback = text; isDone = true; }, note);
  if (isDone) keep(userId, unsentOf(userId).filter(({ timestamp }) => timestamp !== workout.timestamp));
  return { feedback, problems: [...new Set(problems)] };
}

/** Save what could not be saved before. @param {string} userId */
async function sendUnsent(userId) {
  for (const workout of unsentOf(userId)) await stopWorkout(userId, workout);
}

/** The session of a workout once both stores have tried to save it, or after a while. @param {string} timestamp @returns {Promise<WorkoutSession | undefined>} */
async function tried(timestamp) {
  for (const end = performance.now() + PATIENCE_MS; ;) {
    const session = (await documents.getUserWorkoutSessions()).find((each) => each.timestamp === timestamp);
    const isTried = session !== undefined && session.sinks.document !== "pending" && session.sinks.analytics !== "pending";
    if (isTried || performance.now() > end) return session;
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
}

/** The workout of the form, which ended now. @returns {Workout} */
function stopped() {
  const values = new FormData(/** @type {HTMLFormElement} */ (element("workout")));
  const points = String(values.get("feedback")).split("\n").map((each) => each.trim()).filter(Boolean);
  return {
    exercise: String(values.get("exercise")), reps: Number(values.get("reps")), accuracy: Number(values.get("accuracy")) / 100,
    timestamp: new Date().toISOString(), duration: Number(values.get("duration")), feedbackPoints: points,
  };
}

/** @param {string} id @param {string} text */
const say = (id, text) => { element(id).textContent = text; };

/** Show the states of a session in the open summary. @param {WorkoutSession} session */
function showStates({ sinks }) {
  say("document-state", STATES[sinks.document]);
  say("analytics-state", STATES[sinks.analytics]);
  const isDelayed = sinks.document === "retrying" || sinks.document === "failed";
  say("delayed", isDelayed ? "Your workout is recorded, but its copy in the history store is not saved yet." : "");
}

async function onStop() {
  const button = /** @type {HTMLButtonElement} */ (element("stop"));
  const workout = stopped();
  button.disabled = true;
  say("workout-problem", "");
  try {
    const { feedback, problems } = await stopWorkout(auth.uid, workout);
    if (feedback === null && unsentOf(auth.uid).length) problems.push("The workout is kept in this browser and saved later.");
    say("workout-problem", problems.join(" "));
    const session = feedback === null ? undefined : await tried(workout.timestamp);
    if (feedback === null || session === undefined) return;
    const dialog = /** @type {HTMLDialogElement} */ (element("summary"));
    dialog.dataset.timestamp = session.timestamp;
    say("summary-line", `${session.exercise}: ${count(session.reps, "repetition")}, ${percent(session.accuracy)} accuracy`);
    say("feedback", feedback);
    showStates(session);
    if (!dialog.open) dialog.showModal();
    await showHistory();
  } catch (error) {
    say("workout-problem", error instanceof Error ? error.message : String(error));
  } finally {
    button.disabled = false;
  }
}

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {number} number @param {string} noun */
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** @param {WorkoutStats} stats */
function showStats(stats) {
  say("total-sessions", String(stats.totalSessions));
  say("total-reps", String(stats.totalReps));
  say("average-accuracy", stats.averageAccuracy === null ? "–" : percent(stats.averageAccuracy));
  say("total-duration", `${Math.round(stats.totalDuration / 60)} min`);
}

/** @param {WorkoutSession} session */
function row(session) {
  const item = document.createElement("li");
  const text = document.createElement("div");
  const name = document.createElement("b");
  const details = document.createElement("span");
  const remove = document.createElement("button");
  name.textContent = `${session.exercise}, ${count(session.reps, "repetition")}`;
  details.textContent = `${new Date(session.timestamp).toLocaleString()} · ${percent(session.accuracy)} · history ${STATES[session.sinks.document]}, analytics ${STATES[session.sinks.analytics]}`;
  remove.type = "button";
  remove.textContent = "Delete";
  remove.setAttribute("aria-label", `Delete ${name.textContent}`);
  remove.addEventListener("click", () => {
    remove.disabled = true;
    documents.deleteWorkoutSession(session.sessionId).then(showHistory, (error) => { remove.disabled = false; say("history-problem", error.message); });
  });
  text.append(name, details);
  item.append(text, remove);
  return item;
}

async function showHistory() {
  const span = /** @type {HTMLSelectElement} */ (element("span")).value;
  const lists = {
    all: () => documents.getUserWorkoutSessions(), today: () => documents.getTodayWorkoutSessions(),
    week: () => documents.getWeekWorkoutSessions(), month: () => documents.getMonthWorkoutSessions(),
  };
  try {
    const [sessions, stats] = await Promise.all([lists[/** @type {keyof typeof lists} */ (span)](), documents.getUserWorkoutStats()]);
    element("sessions").replaceChildren(...sessions.map(row));
    element("no-sessions").hidden = sessions.length > 0;
    showStats(stats);
    say("history-problem", "");
  } catch (error) {
    say("history-problem", error instanceof Error ? error.message : String(error));
  }
}

/** Show the history and follow it, also on other devices, as long as the page is open. */
async function start() {
  say("uid", auth.uid);
  element("sign-in").hidden = true;
  element("coach").hidden = false;
  await sendUnsent(auth.uid);
  addEventListener("online", () => { void sendUnsent(auth.uid); });
  await showHistory();
  for (;;) {
    await documents.followWorkoutSessions(({ sessions }) => {
      const shown = sessions.find(({ timestamp }) => timestamp === element("summary").dataset.timestamp);
      if (shown) showStates(shown);
      void showHistory();
    }).catch((error) => say("history-problem", error.message));
    await new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  }
}

element("workout").addEventListener("submit", (event) => { event.preventDefault(); void onStop(); });
element("span").addEventListener("change", () => { void showHistory(); });
element("without").addEventListener("click", () => { void start(); });
element("close").addEventListener("click", () => { /** @type {HTMLDialogElement} */ (element("summary")).close(); });
element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const values = new FormData(/** @type {HTMLFormElement} */ (event.target));
  say("sign-in-problem", "");
  auth.signIn(String(values.get("email")), String(values.get("password")))
    .then(start, (error) => say("sign-in-problem", error instanceof TypeError ? "The server cannot be reached." : error.message));
});
