// The server's voice: each sentence is requested once, and played in order (R-LIV-16).
import assert from "node:assert/strict";
import { test } from "node:test";

import { serve, settled } from "../testing/page.js";
import { ServerVoice } from "./server-voice.ts";

document.documentElement = { lang: "en" };

/** A player that ends each sound at once. */
class Player {
  played = [];

  async play() {
    this.played.push(this.src);
    setImmediate(() => this.onended());
  }

  pause() {}
}

/** Requested sentences; `release` lets the server answer. */
function server() {
  const sentences = [];
  const open = [];
  serve(() => [200, { served: true, sentences: [] }]);
  const phrases = globalThis.fetch;
  globalThis.fetch = async (path, options) => {
    const sentence = new URL(path, "http://localhost").searchParams.get("text");
    if (sentence === null) return phrases(path, options);
    sentences.push(sentence);
    await new Promise((resolve) => { open.push(resolve); });
    return new Response(sentence);
  };
  return { sentences, release: () => open.splice(0).forEach((resolve) => resolve()) };
}

test("R-LIV-16: a sentence that is being loaded is not requested again", async () => {
  const { sentences, release } = server();
  const player = new Player();
  const voice = new ServerVoice(player);
  const ahead = { soon: ["Get ready."], later: ["Rest."] };
  const prepared = [voice.prepare("squat", ahead), voice.prepare("squat", ahead)];
  await settled();
  const spoken = voice.speak(["Get ready.", "Rest."]);
  await settled();
  release();
  assert.equal(await spoken, true);
  await Promise.all(prepared);
  assert.deepEqual(sentences, ["Get ready.", "Rest."]);
  assert.equal(player.played.length, 2);
});
