// The player beside another device that performs the same workout.
import assert from "node:assert/strict";
import test from "node:test";

import { counted, NOT_DURABLE, opened, phase, turn, until, useWorkoutStore } from "../testing/workout-player.js";
import { Server } from "../testing/workout-server.js";

test("a device that is behind another starts nothing, and shows the current state", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  const changes = [];
  const player = await opened("manual", server, { onMoved: (endsMs) => changes.push(endsMs), onProblem: ({ code }) => code !== NOT_DURABLE && changes.push(code) });
  server.happened("next", { source: "manual" });
  server.happened("repetitions", { set: 1, repetitions: 2 });
  server.happened("finish", { set: 1 });
  player.ready();
  context.mock.timers.tick(3000);
  await until(() => changes.length === 2);
  assert.deepEqual(changes, ["session.set_out_of_order", null]);
  const { guided } = useWorkoutStore.get();
  assert.deepEqual([guided.phase, guided.at, guided.sets, guided.done[0].amount], ["instructions", 1, 1, 2]);
  await counted(context, player);
  player.tap();
  await until(() => server.steps.at(-1) === "repetitions");
  assert.deepEqual([server.sets.length, server.requests.at(-1)[1].set], [2, 2]);
  player.leave();
});

test("returning to the page shows the progress of another device", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const server = new Server();
  let moves = 0;
  const over = [];
  const player = await opened("manual", server, { onMoved: () => { moves += 1; }, onOver: (id) => over.push(id) });
  const before = structuredClone(server.executionState());
  const { answer } = server;
  let answerLater = null;
  server.answer = (path, body) => (body || !path.endsWith("/e1") ? answer.call(server, path, body) : new Promise((resolve) => { answerLater = () => resolve(Response.json(before)); }));
  player.returned();
  await until(() => answerLater !== null);
  await counted(context, player);
  await until(() => server.steps.includes("next"));
  server.answer = answer;
  answerLater();
  for (let turns = 0; turns < 50; turns += 1) await turn();
  assert.deepEqual([phase(), moves], ["performing", 0]);
  player.finish();
  player.log(3);
  await until(() => server.steps.at(-1) === "rest");
  for (let turns = 0; turns < 50; turns += 1) await turn();
  server.happened("skip", { what: "exercise", line: 1 });
  player.returned();
  await until(() => moves === 1);
  assert.equal(useWorkoutStore.get().guided.at, 2);
  server.status = "completed";
  player.returned();
  await until(() => over.length === 1);
  assert.deepEqual([over, useWorkoutStore.get().stage], [["e1"], "summary"]);
  player.leave();
});

test("two devices that skip one set skip it once", async () => {
  const server = new Server();
  const player = await opened("manual", server, {});
  server.happened("skip", { what: "set", line: 1, round: 1 });
  player.skip(false);
  await until(() => server.steps.includes("skip"));
  assert.deepEqual(server.requests.at(-1)[1], { ...server.requests.at(-1)[1], what: "set", line: 1, round: 1 });
  assert.deepEqual([server.at, useWorkoutStore.get().guided.at], [1, 1]);
  player.leave();
});
