// Drafts of captions are read and written as WebVTT without losing a word or a time (R-UIX-07).
import assert from "node:assert/strict";
import { test } from "node:test";

const { parseCues, toWebvtt } = await import("./webvtt.ts");

const DRAFT = "WEBVTT\n\n00:00:00.500 --> 00:00:02.500\nBaja\ndespacio.\n\n01:02:03.004 --> 01:02:05.000\n&lt;Sube&gt; &amp; exhala &amp;lt;.\n";

test("a draft is read with its times and characters", () => {
  assert.deepEqual(parseCues(DRAFT), [
    { startMs: 500, endMs: 2500, text: "Baja\ndespacio." },
    { startMs: 3_723_004, endMs: 3_725_000, text: "<Sube> & exhala &lt;." },
  ]);
});

test("what is read is written the same", () => {
  assert.equal(toWebvtt(parseCues(DRAFT)), DRAFT);
});

test("hours may be missing", () => {
  assert.deepEqual(parseCues("WEBVTT\n\n00:01.000 --> 00:02.000\nUp\n"), [{ startMs: 1000, endMs: 2000, text: "Up" }]);
});

test("an arrow or an empty line in a text ends no cue", () => {
  const text = toWebvtt([{ startMs: 0, endMs: 1000, text: " Down --> up \n\n  \nAgain" }]);
  assert.equal(text, "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nDown --&gt; up\nAgain\n");
});

test("a cue without text is left out", () => {
  assert.equal(toWebvtt([{ startMs: 0, endMs: 1000, text: " \n" }]), "WEBVTT\n");
});
