// Speech of the coach and of the athlete: one cue at a time, and voices distinguished from noise.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Speaker } from "./speech.ts";
import { VoiceActivity } from "./voice-activity.ts";

/** A voice that speaks until the test ends the sentence. */
class Voice {
  said = [];
  hushed = 0;
  ready = () => true;
  hush = () => { this.hushed += 1; this.done(); };
  speak = (text) => { this.said.push(text); return new Promise((resolve) => { this.done = (well = true) => resolve(well); }); };
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

test("one cue is said at a time", async () => {
  const voice = new Voice();
  const speaker = new Speaker([voice]);
  assert.equal(speaker.say("Chest up"), true);
  assert.equal(speaker.say("Deeper"), false);
  voice.done();
  await settled();
  assert.equal(speaker.say("Slower"), true);
  assert.deepEqual(voice.said, ["Chest up", "Slower"]);
});

test("an urgent cue interrupts, and does not end with the interrupted one", async () => {
  const voice = new Voice();
  const speaker = new Speaker([voice]);
  speaker.say("Chest up");
  assert.equal(speaker.say("Come back into the picture", { urgent: true }), true);
  await settled();
  assert.equal(voice.hushed, 1);
  assert.equal(speaker.isSpeaking, true);
});

test("the next voice speaks if the first cannot, and nothing is spoken without a voice", () => {
  const second = new Voice();
  const mute = { ...new Voice(), ready: () => false };
  assert.equal(new Speaker([mute, second]).say("Deeper"), true);
  assert.deepEqual(second.said, ["Deeper"]);
  assert.equal(new Speaker([mute]).say("Deeper"), false);
  assert.equal(new Speaker([second]).say(""), false);
  const unwanted = new Speaker([second]);
  unwanted.wanted = false;
  assert.equal(unwanted.say("Slower"), false);
});

test("if the first voice fails, the next one speaks, and no other meanwhile", async () => {
  const [first, second] = [new Voice(), new Voice()];
  const speaker = new Speaker([first, second]);
  assert.equal(speaker.say("Deeper"), true);
  first.done(false);
  await settled();
  assert.deepEqual(second.said, ["Deeper"]);
  assert.equal(speaker.say("Slower"), false);
  second.done();
  await settled();
  assert.equal(speaker.isSpeaking, false);
});

test("an interrupted cue is not continued by another voice", async () => {
  const [first, second] = [new Voice(), new Voice()];
  const speaker = new Speaker([first, second]);
  speaker.say("Chest up");
  second.hush = () => { second.hushed += 1; };
  const finish = first.done;
  first.hush = () => {};
  speaker.say("Knees out", { urgent: true });
  finish(false);
  await settled();
  assert.deepEqual([first.said, second.said], [["Chest up", "Knees out"], []]);
});

test("other voices prepare an exercise only if the first is unavailable", async () => {
  const prepared = [];
  const served = Object.assign(new Voice(), { prepare: async (exercise) => { prepared.push(exercise); } });
  const own = new Voice();
  const speaker = new Speaker([own, served]);
  await speaker.prepare("squat");
  own.ready = () => false;
  await speaker.prepare("lunge");
  speaker.wanted = false;
  await speaker.prepare("plank");
  assert.deepEqual(prepared, ["lunge"]);
});

test("a cue interrupts a count, but not the reverse, and an unspoken count is not shown as spoken", async () => {
  const voice = new Voice();
  const speaker = new Speaker([voice]);
  assert.equal(speaker.say(["4"], { passing: true }), true);
  assert.equal(speaker.isSpeaking, false, "who says a word meanwhile is heard");
  assert.equal(speaker.say(["5"], { passing: true }), true);
  assert.equal(speaker.say("Deeper"), true);
  assert.equal(speaker.isSpeaking, true);
  assert.equal(speaker.say(["6"], { passing: true }), false);
  assert.deepEqual(voice.said, [["4"], ["5"], "Deeper"]);
  const silent = [];
  const mute = new Speaker([{ ...new Voice(), speak: async () => false }]);
  mute.onSilent = (words) => silent.push(words);
  mute.say(["7"], { passing: true });
  await settled();
  mute.say(["Rest.", "60 seconds."]);
  await settled();
  assert.deepEqual(silent, ["Rest. 60 seconds."]);
});

/** @param {(number | [number, number])[]} loudnesses one per 50 ms, or with its number of repeats @returns {boolean[]} */
function heard(...loudnesses) {
  const activity = new VoiceActivity();
  return loudnesses.flatMap((each) => (Array.isArray(each) ? Array(each[1]).fill(each[0]) : [each])).map((loudness, at) => activity.hear(loudness, 1000 + 50 * at));
}

test("speech is detected in a quiet room, including its pauses", () => {
  const spoke = heard([0.002, 20], [0.1, 4], [0.002, 10], [0.002, 10]);
  assert.equal(spoke[19], false);
  assert.equal(spoke[20], true);
  assert.equal(spoke[30], true);
  assert.equal(spoke.at(-1), false);
});

test("microphone noise is not speech, and a fan is not for long", () => {
  assert.ok(heard([0.0005, 20], [0.005, 20]).every((each) => !each));
  const fan = heard([0.004, 20], [0.05, 400]);
  assert.equal(fan[20], true);
  assert.equal(fan.at(-1), false);
});

test("recognized words are valid for a while", () => {
  const activity = new VoiceActivity();
  assert.equal(activity.spokeLately(0), false);
  activity.hear(0.002, 0);
  activity.hear(0.2, 100);
  assert.equal(activity.spokeLately(2000), true);
  assert.equal(activity.spokeLately(9000), false);
});
