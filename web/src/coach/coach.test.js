// The coach's rules without a page: status lights, the merged count of two counters, voice commands.
import assert from "node:assert/strict";
import { test } from "node:test";

import { intentOf } from "./intents.ts";
import { Framing } from "./framing.ts";
import { Lights } from "./camera-checks.ts";
import { Tally } from "./tally.ts";
import { loadCatalogue } from "../i18n/catalogues-in-node.ts";

const RIGHT = { timeMs: 0, inFrame: true, fills: 0.8, view: "side", people: 1 };

/** @param {object} look @param {number} [times] */
function seen(look, times = 20) {
  const lights = new Lights(["side"]);
  lights.permit(true);
  lights.measure(120);
  for (let frame = 0; frame < times; frame++) lights.see({ ...RIGHT, timeMs: 33 * frame, ...look });
  return Object.fromEntries(lights.read().map(({ id, state }) => [id, state]));
}

test("all checks are green if nothing is wrong", () => {
  assert.deepEqual(seen({}), { permission: "green", light: "green", body: "green", view: "green", people: "green" });
});

test("each check is red for its own reason only", () => {
  assert.equal(seen({ people: 2 }).people, "red");
  assert.equal(seen({ view: "front" }).view, "red");
  assert.equal(seen({ view: null }).view, "red");
  assert.equal(seen({ inFrame: false }).body, "red");
  assert.equal(seen({ inFrame: false }).people, "green");
});

test("an athlete who is too far away is asked to come closer", () => {
  const lights = new Lights(["side"]);
  for (let frame = 0; frame < 20; frame++) lights.see({ ...RIGHT, fills: 0.2 });
  const { state, advice } = lights.read().find(({ id }) => id === "body");
  assert.deepEqual([state, advice], ["red", "Come closer to the camera."]);
});

test("an athlete whose joints are hidden has not left the picture", () => {
  const framing = new Framing();
  assert.equal([0, 1000, 2000, 3000].some((timeMs) => framing.hasLeft(timeMs, true)), false);
  assert.deepEqual([4000, 5000, 6000, 7000].map((timeMs) => framing.hasLeft(timeMs, false)), [false, false, true, false]);
});

test("one or two frames decide nothing", () => {
  assert.equal(seen({ people: 2 }, 3).people, "waiting");
});

test("a slow device needs no more than five frames, and a fast one remembers those of 700 ms", () => {
  for (const [everyMs, frames] of [[1000, 5], [200, 5], [33, 22]]) {
    const lights = new Lights(["side"]);
    lights.permit(true);
    for (let frame = 0; frame < 40; frame++) lights.see({ ...RIGHT, timeMs: frame * everyMs, inFrame: false });
    const body = () => lights.read().find(({ id }) => id === "body").state;
    for (let frame = 40; frame < 40 + frames; frame++) lights.see({ ...RIGHT, timeMs: frame * everyMs });
    assert.equal(body(), "green");
    for (let frame = 0; frame < Math.ceil(0.2 * frames) + 1; frame++) lights.see({ ...RIGHT, timeMs: (40 + frames + frame) * everyMs, inFrame: false });
    assert.equal(body(), "red");
  }
});

test("a single wrong frame does not change a check", () => {
  const lights = new Lights(["side"]);
  for (let frame = 0; frame < 20; frame++) lights.see({ ...RIGHT, inFrame: frame !== 12 });
  assert.equal(lights.read().find(({ id }) => id === "body").state, "green");
});

test("dark and overexposed pictures are distinguished", () => {
  const lights = new Lights(["side"]);
  const light = () => lights.read()[1];
  assert.equal(light().state, "waiting");
  lights.measure(12);
  assert.match(light().advice, /dark/);
  lights.measure(250);
  assert.match(light().advice, /bright/);
  assert.equal(light().state, "red");
});

test("a withdrawn permission resets the checks", () => {
  const lights = new Lights(["side"]);
  lights.permit(true);
  for (let frame = 0; frame < 20; frame++) lights.see(RIGHT);
  lights.permit(false);
  assert.deepEqual(lights.read().map(({ state }) => state), ["red", "waiting", "waiting", "waiting", "waiting"]);
});

test("the server, half a second behind, does not take a repetition away", () => {
  const tally = new Tally();
  tally.device(4);
  tally.server(3);
  assert.equal(tally.repetitions, 4);
  tally.server(4);
  tally.device(5);
  tally.server(4);
  assert.equal(tally.repetitions, 5);
});

test("repeated different counts of the server win", () => {
  const tally = new Tally();
  tally.device(4);
  for (let answer = 0; answer < 3; answer++) tally.server(3);
  assert.equal(tally.repetitions, 3);
  tally.device(5);
  assert.equal(tally.repetitions, 4);
});

test("a repetition that only the server saw is shown at once", () => {
  const tally = new Tally();
  tally.device(1);
  tally.server(2);
  assert.equal(tally.repetitions, 2);
});

test("a provisional count never lowers the count", () => {
  const tally = new Tally();
  tally.device(3);
  for (let answer = 0; answer < 4; answer++) tally.provisional(2);
  assert.equal(tally.repetitions, 3);
  tally.provisional(4);
  assert.equal(tally.repetitions, 4);
  for (let answer = 0; answer < 3; answer++) tally.server(3);
  assert.equal(tally.repetitions, 3);
});

test("the server's final count of a set wins", () => {
  const tally = new Tally();
  tally.device(6);
  tally.settle(5);
  assert.equal(tally.repetitions, 5);
});

const COMMANDS = {
  en: {
    "Start": "start", "let's go": "start", "okay stop": "stop", "I'm done": "stop", "pause please": "pause",
    "next set": "next", "go on": "start", "resume": "start", "undo that": "undo", "swap exercise": "swap", "that one did not count": "undo",
  },
  es: {
    "Empezar": "start", "¡vamos!": "start", "Para.": "stop", "ya está": "stop", "termine": "stop", "espera un segundo": "pause", "siguiente ejercicio": "next",
    "sáltalo": "next", "deshaz la última": "undo", "esa no contó": "undo", "cambia de ejercicio": "swap", "otro ejercicio": "swap",
  },
  ru: {
    "Старт": "start", "ну, поехали": "start", "Всё, хватит": "stop", "все": "stop", "я закончил": "stop", "поставь на паузу": "pause", "дальше": "next",
    "пропустить": "next", "следующий подход": "next", "отмени": "undo", "это не считается": "undo", "замени упражнение": "swap",
  },
};

const UNKNOWN = {
  en: ["", "what a nice day", "restart", "stopwatch", "I'm not done", "don't stop"],
  es: ["", "comparar", "sentadillas", "todavía no he terminado"],
  ru: ["", "перестарт", "стопа", "приседания", "я ещё не закончил"],
};

for (const language of Object.keys(COMMANDS)) {
  test(`voice commands are recognized without a server: ${language}`, () => {
    for (const [said, intent] of Object.entries(COMMANDS[language])) assert.equal(intentOf(said, language), intent, said);
    for (const said of UNKNOWN[language]) assert.equal(intentOf(said, language), null, said);
  });

  test(`the commands that the pages name are recognized without a server: ${language}`, async () => {
    const catalogue = await loadCatalogue(language);
    for (const [, words] of catalogue.matchAll(/^voice-commands(?:-workout)? = [^:]+: (.+)$/gm)) {
      assert.deepEqual(words.split(", ").map((word) => intentOf(word, language)), ["start", "stop", "pause", "next", "undo", "swap"]);
    }
  });
}

test("a repetition that the athlete removed stays removed", () => {
  const tally = new Tally();
  assert.equal(tally.undo(), false);
  tally.device(3);
  assert.equal(tally.undo(), true);
  for (let answer = 0; answer < 4; answer++) tally.server(3);
  assert.deepEqual([tally.repetitions, tally.takeRemovals()], [2, 1]);
  tally.device(4);
  tally.server(4);
  assert.equal(tally.repetitions, 3);
  tally.settle(5);
  assert.equal(tally.repetitions, 4);
  tally.redo();
  assert.equal(tally.repetitions, 5);
});

test("removing a repetition that only the device counted removes no other one", () => {
  const tally = new Tally();
  tally.device(2);
  tally.server(2);
  tally.device(3);
  tally.undo();
  assert.deepEqual([tally.repetitions, tally.takeRemovals()], [2, 0], "the server may never count it");
  for (let answer = 0; answer < 3; answer++) tally.server(2);
  assert.deepEqual([tally.repetitions, tally.takeRemovals()], [2, 0]);
  tally.device(4);
  tally.server(3);
  assert.deepEqual([tally.repetitions, tally.takeRemovals(true)], [3, 0]);
  tally.undo();
  assert.deepEqual([tally.repetitions, tally.takeRemovals()], [2, 1]);
});

test("a removed repetition that the server counts later is removed then, once", () => {
  const tally = new Tally();
  tally.device(3);
  tally.server(2);
  tally.undo();
  assert.equal(tally.takeRemovals(), 0);
  tally.settle(2, false); // an answer in the rest, to frames before the last ones
  tally.settle(3);
  assert.deepEqual([tally.repetitions, tally.takeRemovals(), tally.takeRemovals(true)], [2, 1, 0]);
});

test("the end of a set decides on a repetition that only the device counted", () => {
  const tally = new Tally();
  tally.device(3);
  tally.server(2);
  tally.undo();
  tally.settle(2);
  assert.deepEqual([tally.repetitions, tally.takeRemovals(true)], [2, 0]);
});
