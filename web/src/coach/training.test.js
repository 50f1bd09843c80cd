// Training without camera pictures: sessions and sets start once, and have a counter.
import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = { addEventListener() {}, getElementById: () => ({}), hidden: true };

const { Training } = await import("./training.ts");
const { useWorkoutStore } = await import("../stores/workout.ts");

/** A camera that is on and detects a well-placed athlete. */
class Watcher {
  isReady = true;
  isOn = true;
  paused = false;
  async open() { return true; }
  watchFor() {}
  reset() {}
  close() { this.isOn = false; }
}

const COUNTED = { inFrame: true, repetitions: 0, phase: "rest", form: null, heldMs: 0 };

/** Return the requested paths of a server; requests to the path `gated` wait for `release`. */
function server(gated = "", release = Promise.resolve()) {
  const paths = [];
  globalThis.fetch = async (path, { body } = {}) => {
    paths.push(path);
    if (gated && path.endsWith(gated)) await release;
    const sequence = body instanceof Uint8Array ? new DataView(body.buffer).getUint32(10, true) : 0;
    return new Response(JSON.stringify({ sessionId: "by-hand", seqAck: sequence, mode: "live", cues: [], nextIntervalMs: 500, data: { session: { cues: [] } } }));
  };
  return paths;
}

/** @param {"landmarks" | "manual"} mode */
function training(mode) {
  useWorkoutStore.set({ stage: "preflight", mode, set: 0 });
  return new Training(new Watcher(), { onCue() {}, onCountdown() {}, onProblem() {} });
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** Finish a countdown, and wait for what it has started. */
async function counted(context, started) {
  for (let second = 0; second < 4; second += 1) {
    await settled();
    context.mock.timers.tick(1000);
  }
  await started;
}

const begun = (paths) => paths.filter((path) => path === "/v1/sessions").length;

test("start, cancel and start again before a slow server begin one session and one set", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const slow = Promise.withResolvers();
  const paths = server("/v1/sessions", slow.promise);
  const train = training("manual");
  void train.start();
  await settled();
  await train.stop();
  const again = train.start();
  for (let second = 0; second < 5; second += 1) context.mock.timers.tick(1000);
  slow.resolve();
  await again;
  assert.deepEqual([begun(paths), useWorkoutStore.get().set, useWorkoutStore.get().stage], [1, 1, "counting"]);
});

test("a set is of the exercise that was selected last, however slowly definitions load", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const slow = Promise.withResolvers();
  server("/v1/exercises/lunge", slow.promise);
  const train = training("manual");
  const choices = [train.choose("lunge"), train.choose("push_up")];
  const started = train.start();
  await settled();
  assert.equal(useWorkoutStore.get().stage, "preflight");
  slow.resolve();
  await Promise.all(choices);
  await counted(context, started);
  assert.deepEqual([useWorkoutStore.get().exercise, useWorkoutStore.get().stage], ["push_up", "counting"]);
  train.leave();
});

test("after losing the camera, counting by hand continues in the same session", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const paths = server();
  const train = training("landmarks");
  await counted(context, train.start());
  train.frame({ timeMs: performance.now(), landmarks: null, world: null, aspectRatio: 1 }, COUNTED);
  train.byHand();
  await counted(context, train.start());
  train.tap();
  assert.deepEqual([useWorkoutStore.get().repetitions, useWorkoutStore.get().set, begun(paths)], [1, 2, 1]);
  await train.stop();
  while (!paths.some((path) => path.endsWith("/finish"))) await settled();
  assert.deepEqual(paths.filter((path) => path.includes("/sets") || path.includes("/workouts/")).map((path) => path.split("/").at(-1)), ["sets", "streaming", "sets", "repetitions", "finish"]);
  train.leave();
});

test("starting while a session is being completed begins another one", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const slow = Promise.withResolvers();
  const paths = server(":complete", slow.promise);
  const train = training("landmarks");
  await counted(context, train.start());
  const finished = train.finish();
  await settled();
  useWorkoutStore.set({ stage: "preflight" });
  await counted(context, train.start());
  slow.resolve();
  await finished;
  assert.deepEqual([begun(paths), useWorkoutStore.get().stage, useWorkoutStore.get().set], [2, "counting", 1]);
  train.leave();
});

test("an expired sign-in within a set loses no repetition counted by hand", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const paths = server();
  const usual = globalThis.fetch;
  useWorkoutStore.set({ stage: "preflight", mode: "manual", set: 0 });
  const problems = [];
  const train = new Training(new Watcher(), { onCue() {}, onCountdown() {}, onProblem: ({ status }) => status && problems.push(status) }); // Node.js cannot store the session, which is a problem without a status
  globalThis.fetch = async (path, options) =>
    (path.endsWith("/sets") || path.includes("/auth/refresh") ? new Response(JSON.stringify({ code: "auth.sign_in_required" }), { status: 401 }) : usual(path, options));
  await counted(context, train.start());
  train.tap();
  while (!problems.length) await settled();
  globalThis.fetch = usual;
  train.retry();
  while (!paths.some((path) => path.endsWith("/repetitions"))) await settled();
  assert.deepEqual([useWorkoutStore.get().stage, useWorkoutStore.get().repetitions, problems], ["counting", 1, [401]]);
  assert.ok(paths.some((path) => path.endsWith("/sets")));
  train.leave();
});

test("a set begins despite a failed check only on request, which is recorded", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const paths = server();
  const watcher = Object.assign(new Watcher(), { isReady: false, notGreen: ["light", "view"] });
  useWorkoutStore.set({ stage: "preflight", mode: "landmarks", set: 0 });
  const train = new Training(watcher, { onCue() {}, onCountdown() {}, onProblem() {} });
  await train.start();
  assert.deepEqual([useWorkoutStore.get().armed, begun(paths)], [true, 0]);
  const bodies = [];
  const usual = globalThis.fetch;
  globalThis.fetch = (path, options) => { if (path.endsWith("/overrides")) bodies.push(JSON.parse(options.body)); return usual(path, options); };
  await counted(context, train.start({ anyway: true }));
  while (!bodies.length) await settled();
  assert.deepEqual([bodies[0].set, bodies[0].checks, bodies[0].atMs >= 0], [1, ["light", "view"], true]);
  train.leave();
});

for (const [name, seen, undone] of [["is removed once the server has counted it", 2, 1], ["that only the device counted removes no other one", 1, 0]]) {
  test(`a repetition of the camera that the athlete removes ${name}`, async (context) => {
    context.mock.timers.enable({ apis: ["setInterval"] });
    const paths = server();
    const usual = globalThis.fetch;
    globalThis.fetch = async (path, options) => Response.json({ ...await (await usual(path, options)).json(), set: 1, repetitions: seen });
    const train = training("landmarks");
    await counted(context, train.start());
    train.undo();
    const answered = () => paths.filter((path) => path.endsWith("/streaming")).length;
    const push = async () => {
      const before = answered();
      train.frame({ timeMs: performance.now(), landmarks: null, world: null, aspectRatio: 1 }, { ...COUNTED, repetitions: 2 });
      train.pause(); // sends the frame
      train.pause();
      for (let turn = 0; turn < 500 && answered() === before; turn += 1) await settled();
      for (let turn = 0; turn < 20; turn += 1) await settled();
    };
    train.frame({ timeMs: performance.now(), landmarks: null, world: null, aspectRatio: 1 }, { ...COUNTED, repetitions: 2 });
    train.undo();
    assert.equal(useWorkoutStore.get().repetitions, 1);
    for (let answer = 0; answer < 4; answer += 1) await push();
    assert.equal(useWorkoutStore.get().repetitions, 1);
    assert.equal(paths.filter((path) => path.endsWith("/undo")).length, undone);
    if (undone) assert.ok(paths.findIndex((path) => path.endsWith("/streaming")) < paths.findIndex((path) => path.endsWith("/undo")), "what was seen before is sent before");
    train.leave();
  });
}

test("the count does not fall while the server catches up after a loss of the connection", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  server();
  const train = training("landmarks");
  await counted(context, train.start());
  const online = globalThis.fetch, count = (chunk) => Math.floor(chunk / 4); // both count one repetition in four chunks
  globalThis.fetch = () => Promise.reject(new TypeError("no network"));
  for (let chunk = 1; chunk <= 12; chunk += 1) {
    train.frame({ timeMs: performance.now(), landmarks: null, world: null, aspectRatio: 1 }, { ...COUNTED, repetitions: count(chunk) });
    train.pause(); // sends the frame
    train.pause();
    await settled();
  }
  const shown = [];
  const stop = useWorkoutStore.subscribe(({ repetitions }) => shown.push(repetitions));
  let last = 0;
  globalThis.fetch = async (path, options) => {
    const answer = await (await online(path, options)).json();
    if (path.endsWith("/streaming")) last = answer.seqAck;
    return Response.json({ ...answer, set: 1, repetitions: count(answer.seqAck) });
  };
  train.retry();
  while (last < 12) await settled();
  for (let turn = 0; turn < 20; turn += 1) await settled();
  assert.deepEqual([...new Set(shown)], [3]); // R-LIV-11
  stop();
  train.leave();
});
