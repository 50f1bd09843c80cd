// Writes all sentences that guide through workouts, one per line. The input has the numbers of the workouts.
import { readFileSync } from "node:fs";

const { language = "en", names, sets, repetitions, seconds } = JSON.parse(readFileSync(0, "utf8"));
globalThis.document = { documentElement: { lang: language } };
const { ahead, briefing, over } = await import("../../../web/src/player/announcements.ts");
const said = new Set();
for (const name of names) {
  for (const [unit, target] of [["repetitions", repetitions], ["hold", seconds]]) {
    for (let set = 1; set <= sets; set += 1) {
      const step = { line: 0, exerciseId: name, set, sets, unit, target, restS: seconds };
      const { soon, later } = ahead(step, name);
      const steps = [step, { ...step, target: 1 }];
      const before = { steps, at: 0, phase: "performing" };
      const next = { steps, at: 1, phase: "rest", restEndsMs: 1 };
      for (const each of [...soon, ...later, ...briefing(steps[1], name), ...over(before, next, { isReached: true, nameOf: (id) => id })]) said.add(each);
    }
  }
}
process.stdout.write([...said].join("\n"));
