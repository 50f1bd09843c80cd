// The phases of a repetition, and their times: R-UIX-02.
import assert from "node:assert/strict";
import test from "node:test";
import "../testing/page.js";

const { phaseName, phaseNames } = await import("./phases.ts");
const { tempoMark } = await import("./format.ts");

/** Names of the phases of a movement, in their order. */
const movement = (exercise) => Object.entries(phaseNames(exercise)).filter(([phase]) => !["hold", "lost"].includes(phase)).map(([, name]) => name);

test("phases have the words of their movement, in the order in which they happen", () => {
  assert.deepEqual(movement("squat"), ["Ready", "Down", "Bottom", "Up"]);
  assert.deepEqual(movement("biceps_curl"), ["Ready", "Up", "Top", "Down"]);
  assert.deepEqual(movement("jumping_jack"), ["Ready", "Out", "Wide", "In"]);
  assert.deepEqual(movement("rope_pushdown"), ["Ready", "Push", "Bottom", "Back up"]);
  assert.equal(phaseName("biceps_curl", "effort"), "Top");
  assert.equal(phaseName("biceps_curl", "unknown"), "");
});

test("short phases of a tempo are not rounded to whole seconds", () => {
  const mark = tempoMark({ eccentricS: 1.5, bottomPauseS: 0.04, concentricS: 0.26, topPauseS: 0 });
  const [shown, exact] = mark.all("span");
  assert.equal(shown.textContent, "1.5 · 0.0 · 0.3 · 0.0");
  assert.equal(exact.textContent, mark.attributes.title);
  assert.equal(exact.textContent, "down 1.50 s, hold 0.04 s, up 0.26 s, rest 0.00 s");
});

test("a repetition without a tempo says that it was not measured", () => {
  assert.equal(tempoMark(null), "not measured");
});
