// Fakes of the workout player: its server and its camera.
import { stepsOf } from "../workouts/plan.ts";

export const LINES = [
  { line: 1, exerciseId: "squat", sets: 2, targetRepetitions: 3, targetHoldS: null, restS: 60 },
  { line: 2, exerciseId: "plank", sets: 1, targetRepetitions: null, targetHoldS: 20, restS: 60 },
];

export const STEPS = stepsOf(LINES);

/** A camera that detects its athlete. */
export class Watcher {
  isReady = true;
  isOn = true;
  notGreen = [];
  paused = false;
  open() { return Promise.resolve(true); }
  watchFor() {}
  reset() {}
  close() { this.isOn = false; }
}

/** A server that follows the prescription and records the requests. */
export class Server {
  requests = [];
  sets = [];
  skipped = 0;
  status = "underway";
  rest = null;
  refuses = "";
  nowMs = 0;
  /** Repetitions of the set that the server has counted. */
  seen = 0;

  constructor() {
    globalThis.fetch = async (path, { body } = {}) =>
      path === "/v1/client-errors" ? new Response(null, { status: 204 }) : this.answer(path, body); // Node.js has no IndexedDB
  }

  answer(path, body) {
    if (path === "/v1/client-errors") return new Response(null, { status: 204 }); // Node.js has no IndexedDB, which is reported
    if (path.startsWith("/v1/exercises/")) return Response.json({ id: path.split("/").at(-1), name: "Squat", outward: "eccentric", faults: [], views: [] });
    const what = path.split(/[/:]/).at(-1);
    if (body instanceof Uint8Array) return this.counted(new DataView(body.buffer).getUint32(10, true));
    const request = body ? JSON.parse(body) : null;
    if (request) this.requests.push([what, request]);
    if (request && what === this.refuses) return Response.json({ code: "session.repetition_not_counted" }, { status: 422 });
    if (what === "next" && request.set !== this.sets.length + 1) return Response.json({ code: "session.set_out_of_order" }, { status: 422 });
    if (request) this.happened(what, request);
    return Response.json(this.executionState());
  }

  counted(seqAck) {
    return Response.json({ seqAck, set: this.sets.length, repetitions: this.seen, setOver: false, mode: "live", cues: [], nextIntervalMs: 500 });
  }

  happened(what, request) {
    const set = this.sets[(request.set ?? 0) - 1];
    const movement = (number) => ({ number, accepted: true, byHand: true, startMs: 0, endMs: 0, reason: null });
    if (what === "next") this.sets.push({ number: this.sets.length + 1, line: STEPS[this.at].line + 1, exerciseId: request.exerciseId ?? STEPS[this.at].exerciseId, status: "underway", source: request.source, heldMs: 0, rpe: null, movements: [] });
    if (what === "skip") this.skip(request);
    if (what === "repetitions") for (let more = 0; more < request.repetitions; more += 1) set.movements.push(movement(set.movements.length + 1));
    if (what === "undo") Object.assign(set.movements.findLast(({ accepted }) => accepted), { accepted: false, reason: "athlete" });
    if (what === "rating") set.rpe = request.rpe;
    if (what === "finish") set.status = "completed";
  }

  skip({ what, line, round }) {
    const next = STEPS[this.at];
    if (!next || next.line + 1 !== line || (what === "set" && next.set !== round)) return;
    this.skipped += what === "set" ? 1 : STEPS.slice(this.at).filter((step) => step.line === next.line).length;
  }

  /** Index of the next step. */
  get at() {
    return this.sets.length + this.skipped;
  }

  executionState() {
    const sets = this.sets.map((set) => ({ ...set, rejected: 0, repetitions: set.movements.filter(({ accepted }) => accepted).length }));
    const step = STEPS[this.at];
    const next = step ? { set: this.sets.length + 1, line: step.line + 1, round: step.set } : null;
    return { id: "e1", workoutId: "w1", athleteId: "ada", status: this.status, startedAt: "2030-01-31T07:30:00Z", nowMs: this.nowMs, lines: LINES, sets, rest: this.rest, next };
  }

  get steps() {
    return this.requests.map(([what]) => what);
  }
}
