import assert from "node:assert/strict";
import test from "node:test";

import { Problem } from "../api/client.ts";
import { ANOTHER_USER, anotherUserProblem } from "../api/problem.ts";
import { encode } from "./chunk-codec.ts";
import { Deliverer } from "./deliverer.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { newState, QueueFull } from "./queue.ts";

/** A server with scripted responses: each is used once, and then every chunk is accepted. */
class Script {
  seen = [];
  sizes = [];
  sent = [];

  constructor(...replies) {
    this.replies = replies;
  }

  send(bytes) {
    const sequence = new DataView(bytes.buffer).getUint32(10, true);
    this.seen.push(sequence);
    this.sizes.push(bytes.length);
    this.sent.push(bytes);
    return this.#reply({ seqAck: sequence, mode: "live" });
  }

  command(path) {
    this.seen.push(path);
    return this.#reply({});
  }

  close() {}

  async #reply(usual) {
    const reply = this.replies.shift() ?? usual;
    if (reply instanceof Problem) throw reply;
    return reply;
  }
}

const refusal = (status, code, members = {}) => Object.assign(new Problem({ title: code, code, status }), members);

/** Deliver chunks until none is pending; return the requests and the events. */
async function delivered(server, { chunks = 3, frames = [], refresh = async () => false, signedIn = () => null, until = null, queue = new MemoryQueue() } = {}) {
  const state = newState({ athleteId: "ada", exercise: "squat", model: "m", startedAt: 0 });
  const { sessionId } = state;
  for (let index = 0; index < chunks; index += 1) {
    const chunk = { sessionId, set: 1, sequence: 0, exercise: "squat", model: "m", aspectRatio: 1, last: true, frames };
    await queue.append(state, { sessionId, kind: "chunk", bytes: encode(chunk), last: chunk.last });
  }
  const events = { delivered: [], refused: [], shortened: [], stopped: [], modes: [], failed: [] };
  const ended = Promise.withResolvers();
  const check = () => {
    const isOver = until ? until(events) : events.delivered.length + events.refused.length === chunks;
    if (isOver) ended.resolve();
  };
  const deliverer = new Deliverer({
    queue, state, transport: server, commands: server, refresh, signedIn, random: () => 0,
    callbacks: {
      delivered: (_, answer) => { events.delivered.push(answer); check(); },
      refused: (_, problem) => { events.refused.push(problem.code); check(); },
      shortened: (problem) => events.shortened.push(problem.code),
      stopped: (problem) => { events.stopped.push(problem.code); check(); },
      failed: (error) => events.failed.push(error.message),
      mode: (mode) => { if (events.modes.at(-1) !== mode) events.modes.push(mode); },
    },
  });
  const run = deliverer.run();
  await ended.promise;
  deliverer.end();
  await run;
  return { ...events, seen: server.seen, acknowledged: state.acknowledged, left: (await queue.count()).chunks };
}

test("chunks are sent in order, one at a time, and deleted after their acknowledgement", async () => {
  const { seen, left, modes } = await delivered(new Script());
  assert.deepEqual([seen, left, modes], [[1, 2, 3], 0, ["live"]]);
});

test("without an answer, or after a server error, the same chunk is sent again", async () => {
  const { seen, modes } = await delivered(new Script(refusal(0, "unreachable"), refusal(503, "storage.unavailable")));
  assert.deepEqual([seen, modes], [[1, 1, 1, 2, 3], ["offline", "device", "live"]]);
});

test("a chunk that is answered but not acknowledged is sent again", async () => {
  const { seen, modes } = await delivered(new Script({ seqAck: 0, mode: "degraded" }));
  assert.deepEqual([seen, modes], [[1, 1, 2, 3], ["degraded", "live"]]);
});

test("if another server lacks the last chunk, the same chunk is sent again", async () => {
  const gap = refusal(409, "live.sequence_gap", { expectedSequence: 1 });
  const { seen } = await delivered(new Script({ seqAck: 1, mode: "live" }, gap));
  assert.deepEqual(seen, [1, 2, 2, 3]);
});

test("after chunks of another browser, numbering continues behind them", async () => {
  const gap = refusal(409, "live.sequence_gap", { expectedSequence: 8 });
  const { seen, acknowledged } = await delivered(new Script(gap));
  assert.deepEqual([seen, acknowledged], [[1, 8, 9, 10], 10]);
});

test("a chunk whose number another browser used is sent under a new number", async () => {
  const { seen, acknowledged, left } = await delivered(new Script({ seqAck: 7, mode: "live" }));
  assert.deepEqual([seen, acknowledged, left], [[1, 8, 9, 10], 10, 0]);
});

for (const [code, members, numbers] of [["consent.missing", {}, [1, 1, 2]], ["live.chunk_refused", { expectedSequence: 2 }, [1, 2, 3]]]) {
  test(`a set ends, though its last frames are refused (${code})`, async () => {
    const server = new Script(refusal(403, code, members));
    const { seen, shortened, refused, delivered: taken } = await delivered(server, { chunks: 2, frames: [{ timeMs: 0, landmarks: null }] });
    assert.deepEqual([seen, shortened, refused, taken.length], [numbers, [code], [], 2]);
    const whole = server.sent[0];
    const frames = (bytes) => new DataView(bytes.buffer).getUint16(14, true);
    assert.deepEqual(server.sent.map(frames), [1, 0, 1]);
    assert.deepEqual(server.sent[1].slice(14, 18), new Uint8Array(4));
    assert.equal(server.sent[1][4], 1, "the last of its set");
    assert.equal(server.sent[1].length, whole.length - 8 - 8 * 33);
  });
}

test("a refused end of a set is given up", async () => {
  const { seen, shortened, refused } = await delivered(new Script(refusal(409, "session.no_set_underway")), { chunks: 1 });
  assert.deepEqual([seen, shortened, refused], [[1], [], ["session.no_set_underway"]]);
});

test("the next chunk takes the number of a refused one", async () => {
  const { seen, refused, acknowledged } = await delivered(new Script(refusal(422, "live.times_not_increasing")));
  assert.deepEqual([seen, refused, acknowledged], [[1, 1, 2], ["live.times_not_increasing"], 2]);
});

test("a dead-lettered chunk keeps its number", async () => {
  const aside = refusal(409, "live.chunk_refused", { expectedSequence: 2 });
  const { seen, refused } = await delivered(new Script(aside));
  assert.deepEqual([seen, refused], [[1, 2, 3], ["live.chunk_refused"]]);
});

test("an expired sign-in is renewed once", async () => {
  let renewed = 0;
  const refresh = async () => { renewed += 1; return true; };
  const { seen, stopped } = await delivered(new Script(refusal(401, "auth.token_refused")), { refresh });
  assert.deepEqual([seen, renewed, stopped], [[1, 1, 2, 3], 1, []]);
});

test("if it cannot be renewed, nothing is lost, and delivery waits for a sign-in", async () => {
  const script = new Script(refusal(401, "auth.token_refused"), refusal(401, "auth.token_refused"));
  const { left, stopped, modes } = await delivered(script, { refresh: async () => true, until: (events) => events.stopped.length });
  assert.deepEqual([left, stopped, modes], [3, ["auth.token_refused"], ["device"]]);
});

for (const code of ["auth.second_factor_required", "auth.enrolment_required", "authorization.not_allowed", "access.required"]) {
  test(`a refusal of the user (${code}) loses nothing, and delivery waits for the user`, async () => {
    let renewed = 0;
    const refresh = async () => { renewed += 1; return true; };
    const script = new Script(refusal(403, code), refusal(403, code));
    const { left, stopped, refused } = await delivered(script, { refresh, until: (events) => events.stopped.length + events.refused.length });
    assert.deepEqual([left, stopped, refused, renewed], [3, [code], [], 1]);
  });
}

test("after a renewal, what was refused to the user is sent again", async () => {
  const script = new Script(refusal(403, "auth.second_factor_required"));
  const { seen, stopped, refused } = await delivered(script, { refresh: async () => true });
  assert.deepEqual([seen, stopped, refused], [[1, 1, 2, 3], [], []]);
});

for (const error of [new TypeError("fetch failed"), refusal(503, "storage.unavailable"), refusal(429, "rate.limited")]) {
  test(`where nobody can say who it is (${error.message}), it is refreshes again`, async () => {
    let refreshes = 0;
    const refresh = async () => {
      refreshes += 1;
      if (refreshes === 1) throw error;
      return true;
    };
    const script = new Script(refusal(401, "auth.token_refused"), refusal(401, "auth.token_refused"));
    const { seen, stopped, modes } = await delivered(script, { refresh });
    assert.deepEqual([seen, refreshes, stopped], [[1, 1, 1, 2, 3], 2, []]);
    assert.deepEqual(modes, [error instanceof Problem ? "device" : "offline", "live"]);
  });
}

test("if the server's clock is behind, the same chunk is sent again", async () => {
  const { seen, refused } = await delivered(new Script(refusal(422, "live.time_in_future")));
  assert.deepEqual([seen, refused], [[1, 1, 2, 3], []]);
});

for (const code of ["session.unknown", "workout.unknown", "live.chunk_refused"]) {
  test(`what another user is refused (${code}) is kept for the athlete`, async () => {
    const script = new Script(refusal(404, code));
    const { left, stopped, refused } = await delivered(script, { signedIn: () => "bob", until: (events) => events.stopped.length + events.refused.length });
    assert.deepEqual([left, stopped, refused], [3, [ANOTHER_USER], []]);
  });
}

test("if the sign-in of the browser is of another user, delivery waits for the athlete", async () => {
  const refresh = async () => { throw anotherUserProblem(); };
  const options = { signedIn: () => "ada", refresh, until: (events) => events.stopped.length };
  const { left, stopped } = await delivered(new Script(refusal(404, "session.unknown")), options); // the socket has the browser's sign-in
  assert.deepEqual([left, stopped], [3, [ANOTHER_USER]]);
});

test("a session that the server does not know stops delivery once it is sure who asks", async () => {
  let renewed = 0;
  const refresh = async () => { renewed += 1; return true; };
  const script = new Script(refusal(404, "session.unknown"), refusal(404, "session.unknown"));
  const { stopped } = await delivered(script, { signedIn: () => "ada", refresh, until: (events) => events.stopped.length });
  assert.deepEqual([stopped, renewed], [["session.unknown"], 1]);
});

for (const kind of ["start", "ask", "complete"]) {
  test(`a request (${kind}) that meets its own first attempt is sent again with its key`, async () => {
    const queue = new MemoryQueue();
    const { first } = queue;
    const request = { kind, path: "/v1/workouts/s", key: "first-key", body: {} };
    queue.first = async (...given) => { const entry = await first.apply(queue, given); return entry && Object.assign(entry, request); };
    const server = new Script(refusal(0, "unreachable"), refusal(409, "idempotency.in_progress"));
    const keys = [];
    server.command = (path, _, key) => { keys.push(key); return Script.prototype.command.call(server, path); };
    const { refused, stopped, left } = await delivered(server, { queue, chunks: 1, until: (events) => events.delivered.length + events.refused.length + events.stopped.length });
    assert.deepEqual([keys, refused, stopped, left], [["first-key", "first-key", "first-key"], [], [], 0]);
  });
}

test("a chunk that cannot be deleted yet is deleted later, and sent once", async () => {
  const queue = new MemoryQueue();
  const { first, remove } = queue;
  let failures = 1;
  queue.remove = (...given) => (failures-- > 0 ? Promise.reject(new Error("busy")) : remove.apply(queue, given));
  let losses = 1;
  queue.first = (...given) => (losses-- > 0 ? Promise.reject(new Error("closed")) : first.apply(queue, given));
  const { seen, failed, left } = await delivered(new Script(), { queue });
  assert.deepEqual([seen, failed, left], [[1, 2, 3], ["closed", "busy"], 0]);
});

test("a full queue refuses frames, but accepts the end of a set", async () => {
  const queue = new MemoryQueue(10);
  const state = newState({ athleteId: "ada", exercise: "squat", model: "m", startedAt: 0 });
  const entry = { sessionId: state.sessionId, kind: "chunk", bytes: new Uint8Array(11) };
  await assert.rejects(queue.append(state, entry), QueueFull);
  await queue.append(state, { ...entry, last: true });
  assert.equal((await queue.count()).chunks, 1);
});

test("chunks are sent again without their pictures", async () => {
  const frames = [{ timeMs: 0, landmarks: null }, { timeMs: 100, landmarks: null, image: new Uint8Array(5000) }];
  const server = new Script(refusal(0, "unreachable"));
  const { seen } = await delivered(server, { chunks: 2, frames });
  const plain = server.sizes[0] - 5000 - 8;
  assert.deepEqual([seen, server.sizes], [[1, 1, 2], [plain + 5008, plain, plain + 5008]]);
});
