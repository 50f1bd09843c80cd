// Transport by a channel: requests are used while none is open (C-01, R-LIV-10, R-LIV-15).
import assert from "node:assert/strict";
import test from "node:test";

import { Problem, unreachable } from "../api/problem.ts";
import { ChannelTransport } from "./channel-transport.ts";

/** Return channels that open and respond as the test says, and requests that always succeed. */
function stage({ most = 100 } = {}) {
  const channels = [];
  const said = [];
  let now = 0;
  const newChannel = () => {
    const opening = Promise.withResolvers();
    const channel = {
      isOver: false,
      isOpen: false,
      answers: [],
      open: () => opening.promise,
      opened() { channel.isOpen = true; opening.resolve(); },
      refused() { opening.reject(unreachable()); },
      takes: (bytes) => channel.isOpen && bytes <= most,
      async ask(bytes) {
        said.push(["channel", bytes[0]]);
        const answer = channel.answers.shift() ?? { seqAck: bytes[0] };
        if (answer instanceof Error) throw answer;
        return answer;
      },
      close() { channel.isOver = true; channel.isOpen = false; },
    };
    channels.push(channel);
    return channel;
  };
  const requests = {
    async send(bytes) { said.push(["request", bytes[0]]); return { seqAck: bytes[0] }; },
    close() {},
  };
  const transport = new ChannelTransport(newChannel, { requests, now: () => now });
  return { transport, channels, said, later: (ms) => { now += ms; } };
}

const chunk = (number, length = 1) => new Uint8Array(length).fill(number);
const settled = () => new Promise((resolve) => { setTimeout(resolve); });

test("requests are sent until the channel is open, and no chunk waits for it", async () => {
  const { transport, channels, said } = stage();
  assert.deepEqual(await transport.send(chunk(1)), { seqAck: 1 });
  await transport.send(chunk(2));
  channels[0].opened();
  await transport.send(chunk(3));
  assert.deepEqual(said, [["request", 1], ["request", 2], ["channel", 3]]);
  assert.equal(channels.length, 1);
});

test("a chunk without an answer on the channel is sent by request", async () => {
  const { transport, channels, said } = stage();
  await transport.send(chunk(1));
  channels[0].opened();
  channels[0].answers.push(unreachable());
  assert.deepEqual(await transport.send(chunk(2)), { seqAck: 2 });
  await transport.send(chunk(3));
  assert.deepEqual(said, [["request", 1], ["channel", 2], ["request", 2], ["request", 3]]);
  assert.ok(channels[0].isOver);
});

test("a refusal is reported, and the channel stays open", async () => {
  const { transport, channels } = stage();
  await transport.send(chunk(1));
  channels[0].opened();
  channels[0].answers.push(new Problem({ title: "No.", code: "live.sequence_gap", status: 409 }));
  await assert.rejects(transport.send(chunk(2)), { code: "live.sequence_gap" });
  assert.ok(!channels[0].isOver);
});

test("a chunk is sent by request if the channel may have been opened by another user", async () => {
  for (const [code, status] of [["session.unknown", 404], ["auth.token_refused", 401], ["authorization.forbidden", 403]]) {
    const { transport, channels, said } = stage();
    await transport.send(chunk(1));
    channels[0].opened();
    channels[0].answers.push(new Problem({ title: "No.", code, status }));
    assert.deepEqual(await transport.send(chunk(2)), { seqAck: 2 });
    assert.deepEqual(said.slice(1), [["channel", 2], ["request", 2]]);
    assert.ok(channels[0].isOver);
  }
});

test("chunks too long for the channel are sent by request", async () => {
  const { transport, channels, said } = stage({ most: 10 });
  await transport.send(chunk(1));
  channels[0].opened();
  await transport.send(chunk(2, 11));
  await transport.send(chunk(3));
  assert.deepEqual(said.slice(1), [["request", 2], ["channel", 3]]);
});

test("a channel is retried after a pause that grows to minutes", async () => {
  const { transport, channels, later } = stage();
  await transport.send(chunk(1));
  for (const [most, attempts] of [[5000, 2], [10_000, 3], [20_000, 4]]) {
    channels.at(-1).refused();
    await settled();
    await transport.send(chunk(1));
    assert.equal(channels.length, attempts - 1);
    later(most);
    await transport.send(chunk(1));
    assert.equal(channels.length, attempts);
  }
  for (let attempt = 0; attempt < 20; attempt += 1) {
    channels.at(-1).refused();
    await settled();
    later(300_000);
    await transport.send(chunk(1));
  }
  assert.equal(channels.length, 24);
});

test("a channel that worked is reopened after seconds", async () => {
  const { transport, channels, later } = stage();
  await transport.send(chunk(1));
  for (let turn = 0; turn < 10; turn += 1) {
    channels.at(-1).opened();
    await transport.send(chunk(2));
    channels.at(-1).close(); // as the server does after more than a minute of silence
    await transport.send(chunk(3));
    later(5000);
    await transport.send(chunk(4));
  }
  assert.equal(channels.length, 11);
});

test("closing the transport closes all channels, also one that opens later", async () => {
  const { transport, channels, said } = stage();
  await transport.send(chunk(1));
  transport.close();
  assert.ok(channels[0].isOver);
  channels[0].refused();
  await settled();
  await transport.send(chunk(2));
  assert.equal(channels.length, 2);
  assert.deepEqual(said, [["request", 1], ["request", 2]]);
});

test("no channel is opened while the device is offline, and one at once when it is online", async () => {
  const { transport, channels } = stage();
  Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  await transport.send(chunk(1));
  assert.equal(channels.length, 0);
  delete navigator.onLine;
  await transport.send(chunk(1));
  assert.equal(channels.length, 1);
});
