import assert from "node:assert/strict";
import test from "node:test";

import { Problem } from "../../../web/src/api/client.js";
import { encode } from "../../../web/src/live/chunk-codec.js";
import { Deliverer } from "../../../web/src/live/deliverer.js";
import { MemoryQueue } from "../../../web/src/live/memory-queue.js";
import { newState, QueueFull } from "../../../web/src/live/queue.js";

/** A server that answers as it is told: each reply is used once, and then every chunk is taken. */
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

/** Deliver chunks until nothing waits; gives what was sent and told. */
async function delivered(server, { chunks = 3, frames = [], refresh = async () => false, until = null, queue = new MemoryQueue() } = {}) {
  const state = newState({ athleteId: "ada", exercise: "squat", model: "m", startedAt: 0 });
  const { sessionId } = state;
  for (let index = 0; index < chunks; index += 1) {
    const chunk = { sessionId, set: 1, sequence: 0, exercise: "squat", model: "m", aspectRatio: 1, last: true, frames };
    await queue.append(state, { sessionId, kind: "chunk", bytes: encode(chunk), last: chunk.last });
  }
  const told = { delivered: [], refused: [], shortened: [], stopped: [], modes: [], failed: [] };
  const ended = Promise.withResolvers();
  const check = () => {
    const isOver = until ? until(told) : told.delivered.length + told.refused.length === chunks;
    if (isOver) ended.resolve();
  };
  const deliverer = new Deliverer({
    queue, state, transport: server, commands: server, refresh, random: () => 0,
    callbacks: {
      delivered: (_, answer) => { told.delivered.push(answer); check(); },
      refused: (_, problem) => { told.refused.push(problem.code); check(); },
      shortened: (problem) => told.shortened.push(problem.code),
      stopped: (problem) => { told.stopped.push(problem.code); check(); },
      failed: (error) => told.failed.push(error.message),
      mode: (mode) => { if (told.modes.at(-1) !== mode) told.modes.push(mode); },
    },
  });
  const run = deliverer.run();
  await ended.promise;
  deliverer.end();
  await run;
  return { ...told, seen: server.seen, acknowledged: state.acknowledged, left: (await queue.count()).chunks };
}

test("chunks go in order, one at a time, and are forgotten once they are acknowledged", async () => {
  const { seen, left, modes } = await delivered(new Script());
  assert.deepEqual([seen, left, modes], [[1, 2, 3], 0, ["live"]]);
});

test("no answer, or an error of the server: the same chunk goes again", async () => {
  const { seen, modes } = await delivered(new Script(refusal(0, "unreachable"), refusal(503, "storage.unavailable")));
  assert.deepEqual([seen, modes], [[1, 1, 1, 2, 3], ["offline", "device", "live"]]);
});

test("a chunk that is answered but not acknowledged goes again", async () => {
  const { seen, modes } = await delivered(new Script({ seqAck: 0, mode: "degraded" }));
  assert.deepEqual([seen, modes], [[1, 1, 2, 3], ["degraded", "live"]]);
});

test("another server has not heard of the last chunk yet: the same goes again", async () => {
  const gap = refusal(409, "live.sequence_gap", { expectedSequence: 1 });
  const { seen } = await delivered(new Script({ seqAck: 1, mode: "live" }, gap));
  assert.deepEqual(seen, [1, 2, 2, 3]);
});

test("another browser has sent chunks of the session: what is said here goes behind them", async () => {
  const gap = refusal(409, "live.sequence_gap", { expectedSequence: 8 });
  const { seen, acknowledged } = await delivered(new Script(gap));
  assert.deepEqual([seen, acknowledged], [[1, 8, 9, 10], 10]);
});

test("a number that another browser's chunk has is not this one's: it goes again", async () => {
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

test("an end of a set that is refused by itself is given up", async () => {
  const { seen, shortened, refused } = await delivered(new Script(refusal(409, "session.no_set_underway")), { chunks: 1 });
  assert.deepEqual([seen, shortened, refused], [[1], [], ["session.no_set_underway"]]);
});

test("a chunk that is refused leaves its number to the next one", async () => {
  const { seen, refused, acknowledged } = await delivered(new Script(refusal(422, "live.times_not_increasing")));
  assert.deepEqual([seen, refused, acknowledged], [[1, 1, 2], ["live.times_not_increasing"], 2]);
});

test("a chunk that was put aside keeps its number", async () => {
  const aside = refusal(409, "live.chunk_refused", { expectedSequence: 2 });
  const { seen, refused } = await delivered(new Script(aside));
  assert.deepEqual([seen, refused], [[1, 2, 3], ["live.chunk_refused"]]);
});

test("a sign-in that is over is renewed once", async () => {
  let renewed = 0;
  const refresh = async () => { renewed += 1; return true; };
  const { seen, stopped } = await delivered(new Script(refusal(401, "auth.token_refused")), { refresh });
  assert.deepEqual([seen, renewed, stopped], [[1, 1, 2, 3], 1, []]);
});

test("where it cannot be renewed, nothing is lost, and delivery waits for somebody", async () => {
  const script = new Script(refusal(401, "auth.token_refused"), refusal(401, "auth.token_refused"));
  const { left, stopped, modes } = await delivered(script, { refresh: async () => true, until: (told) => told.stopped.length });
  assert.deepEqual([left, stopped, modes], [3, ["auth.token_refused"], ["device"]]);
});

for (const error of [new TypeError("fetch failed"), refusal(503, "storage.unavailable"), refusal(429, "rate.limited")]) {
  test(`where nobody can say who it is (${error.message}), it is asked again`, async () => {
    let asked = 0;
    const refresh = async () => {
      asked += 1;
      if (asked === 1) throw error;
      return true;
    };
    const script = new Script(refusal(401, "auth.token_refused"), refusal(401, "auth.token_refused"));
    const { seen, stopped, modes } = await delivered(script, { refresh });
    assert.deepEqual([seen, asked, stopped], [[1, 1, 1, 2, 3], 2, []]);
    assert.deepEqual(modes, [error instanceof Problem ? "device" : "offline", "live"]);
  });
}

test("a clock of the server that is behind: the same goes again", async () => {
  const { seen, refused } = await delivered(new Script(refusal(422, "live.time_in_future")));
  assert.deepEqual([seen, refused], [[1, 1, 2, 3], []]);
});

test("what the browser cannot forget just now is forgotten later, and goes once", async () => {
  const queue = new MemoryQueue();
  const { first, remove } = queue;
  let failures = 1;
  queue.remove = (...given) => (failures-- > 0 ? Promise.reject(new Error("busy")) : remove.apply(queue, given));
  let losses = 1;
  queue.first = (...given) => (losses-- > 0 ? Promise.reject(new Error("closed")) : first.apply(queue, given));
  const { seen, failed, left } = await delivered(new Script(), { queue });
  assert.deepEqual([seen, failed, left], [[1, 2, 3], ["closed", "busy"], 0]);
});

test("a full queue takes no more frames, but the end of a set", async () => {
  const queue = new MemoryQueue(10);
  const state = newState({ athleteId: "ada", exercise: "squat", model: "m", startedAt: 0 });
  const entry = { sessionId: state.sessionId, kind: "chunk", bytes: new Uint8Array(11) };
  await assert.rejects(queue.append(state, entry), QueueFull);
  await queue.append(state, { ...entry, last: true });
  assert.equal((await queue.count()).chunks, 1);
});

test("what has to be sent again goes without its pictures", async () => {
  const frames = [{ timeMs: 0, landmarks: null }, { timeMs: 100, landmarks: null, image: new Uint8Array(5000) }];
  const server = new Script(refusal(0, "unreachable"));
  const { seen } = await delivered(server, { chunks: 2, frames });
  const plain = server.sizes[0] - 5000 - 8;
  assert.deepEqual([seen, server.sizes], [[1, 1, 2], [plain + 5008, plain, plain + 5008]]);
});
