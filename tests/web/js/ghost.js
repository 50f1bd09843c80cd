// The ghost coach with sample athletes; `tests/web/test_ghost.py` writes their performances.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { closeness, deviationsOf, JOINTS } from "../../../web/src/ghost/deviation.ts";
import { figureOf, mirrored, placeOf, turnedTo } from "../../../web/src/ghost/figure.ts";
import { GhostCoach, LOOKS } from "../../../web/src/ghost/ghost-coach.ts";
import { Ruler, scaled, scaleOf } from "../../../web/src/ghost/limbs.ts";
import { mirroredInSpace } from "../../../web/src/ghost/space.ts";
import { trackOf } from "../../../web/src/ghost/track.ts";

const PERFORMED = JSON.parse(readFileSync(process.env.PERFORMED, "utf8"));

/** Return a performance with its frames as figures. */
function performance(name) {
  const { timesS, frames, aspectRatio, repetitions } = PERFORMED[name];
  const landmarks = frames.map((frame) => Float32Array.from(frame));
  const worlds = PERFORMED[name].worlds.map((world) => Float32Array.from(world));
  const figures = landmarks.map((each) => figureOf(each, aspectRatio));
  const at = (timeS) => figures[Math.min(Math.max(Math.round(timeS / (timesS[1] - timesS[0])), 0), figures.length - 1)];
  return { timesS, landmarks, figures, worlds, aspectRatio, repetitions, at };
}

/** Return the first repetition of a performance, as input of a ghost. */
function track(name) {
  const { at, repetitions: [first] } = performance(name);
  const found = trackOf(at, first.startS, first.endS);
  assert.ok(found);
  return found;
}

/** Return the landmarks of a figure in a picture with an aspect ratio. */
function landmarksOf(figure, aspect) {
  const landmarks = new Float32Array(33 * 4);
  for (let at = 0; at < 33; at += 1) landmarks.set([figure[3 * at] / aspect, figure[3 * at + 1], 0, figure[3 * at + 2]], 4 * at);
  return landmarks;
}

/** Coach an athlete who first stands, then performs. @param {(landmarks: Float32Array, timeS: number) => Float32Array} [changed] */
function coached(recorded, performed, changed = (landmarks) => landmarks, coach = new GhostCoach()) {
  coach.teach(track(recorded));
  const { timesS, landmarks, aspectRatio } = performance(performed);
  const stand = Array.from({ length: LOOKS }, (_, at) => coach.see({ timeMs: 50 * at, landmarks: changed(landmarks[0], 0), aspectRatio }));
  assert.equal(stand.at(-1).stage, "measuring");
  const beganMs = 50 * LOOKS;
  return { coach, results: landmarks.map((each, at) => coach.see({ timeMs: beganMs + 1000 * timesS[at], landmarks: changed(each, timesS[at]), aspectRatio })) };
}

/** Return the median deviation of a joint, where it is known. */
function usual(results, joint) {
  const degreesSeen = results.flatMap(({ deviations }) => deviations.filter((each) => each.joint === joint && each.degrees !== null).map(({ degrees }) => Math.abs(degrees)));
  return degreesSeen.sort((a, b) => a - b)[degreesSeen.length >> 1];
}

function greatest(deviations) {
  return Math.max(...deviations.map(({ degrees }) => (degrees === null ? 0 : Math.abs(degrees))));
}

/** Return a figure with the limb beyond a joint turned about the joint. */
function turned(figure, about, beyond, degrees) {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x, y] = placeOf(figure, about);
  const other = figure.slice();
  for (const at of beyond) {
    const [dx, dy] = [figure[3 * at] - x, figure[3 * at + 1] - y];
    other.set([x + cosine * dx - sine * dy, y + sine * dx + cosine * dy], 3 * at);
  }
  return other;
}

/** Return a figure with some landmarks invisible. */
function without(figure, landmarks) {
  const other = figure.slice();
  for (const at of landmarks) other[3 * at + 2] = 0.1;
  return other;
}

test("limb lengths do not matter: only directions are compared", () => {
  const { figures } = performance("squat");
  const grown = new Map(["trunk", "pelvis", "shoulders", "upper_arm", "forearm", "hand", "thigh", "shank", "heel", "foot", "neck", "face"].map((part, at) => [part, 1.2 + 0.02 * at]));
  const athletes = figures.map((figure) => scaled(figure, grown));
  const [own, recorded] = [new Ruler(), new Ruler()];
  athletes.forEach((figure) => own.add(figure));
  figures.forEach((figure) => recorded.add(figure));
  const scale = scaleOf(own.lengths(), recorded.lengths());
  figures.forEach((figure, at) => {
    const ghost = scaled(figure, scale);
    assert.ok(greatest(deviationsOf(athletes[at], ghost)) < 0.01);
    for (const joint of [0, 15, 16, 27, 28]) assert.ok(Math.hypot(...[0, 1].map((axis) => placeOf(ghost, joint)[axis] - placeOf(athletes[at], joint)[axis])) < 0.001);
  });
});

test("a ghost stands on the floor where the athlete stands, in the athlete's size", () => {
  const { results } = coached("squat", "tall_squat");
  const following = results.filter(({ stage }) => stage === "following");
  assert.ok(following.length > 0.95 * results.length);
  for (const { ghost, athlete } of following) {
    const [own, theirs] = [ghost, athlete].map((figure) => [27, 28].map((at) => placeOf(figure, at)));
    assert.ok(Math.hypot(own[0][0] + own[1][0] - theirs[0][0] - theirs[1][0], own[0][1] + own[1][1] - theirs[0][1] - theirs[1][1]) < 0.01);
  }
  for (const joint of JOINTS) assert.ok(usual(results, joint) < 8, joint);
});

test("an athlete who follows deviates little, and each repetition is a cycle", () => {
  const { results } = coached("squat", "squat");
  for (const joint of JOINTS) assert.ok(usual(results, joint) < 3, `${joint} ${usual(results, joint)}`);
  assert.equal(results.at(-1).rounds, 3);
});

test("at half the tempo the ghost waits, and stays with the athlete", () => {
  const { results } = coached("squat", "slow_squat");
  for (const joint of JOINTS) assert.ok(usual(results, joint) < 4, `${joint} ${usual(results, joint)}`);
  assert.equal(results.at(-1).rounds, 3);
  const { startS, stepS, figures } = track("squat");
  const { repetitions: [{ startS: began, endS }], timesS } = performance("slow_squat");
  for (const share of [0.25, 0.45, 0.75]) {
    const moment = results[timesS.findIndex((timeS) => timeS >= began + share * (endS - began))];
    assert.ok(Math.abs((moment.atS - startS) / (stepS * figures.length) - share) < 0.1, `${share}`);
  }
});

test("a ghost waits for an athlete who stops half-way", () => {
  const { repetitions: [{ startS }], at, aspectRatio } = performance("squat");
  const { coach } = coached("squat", "squat");
  const down = landmarksOf(at(startS + 0.6), aspectRatio);
  const results = Array.from({ length: 80 }, (_, frame) => coach.see({ timeMs: 60_000 + 50 * frame, landmarks: down, aspectRatio }));
  assert.equal(new Set(results.slice(20).map(({ atS }) => atS)).size, 1);
  assert.ok(greatest(results.at(-1).deviations) < 5);
});

test("noisy landmarks do not mislead the ghost", () => {
  const { results } = coached("curl", "noisy_curl");
  assert.ok(usual(results, "left_elbow") < 8, `${usual(results, "left_elbow")}`);
  assert.equal(results.at(-1).rounds, 3);
});

test("a fault at one joint is reported for that joint only", () => {
  const { figures } = performance("squat");
  const limbs = [["left_elbow", 13, [15, 17, 19, 21]], ["right_knee", 26, [28, 30, 32]], ["left_ankle", 27, [29, 31]]];
  for (const [joint, about, beyond] of limbs) {
    for (const degrees of [-25, 25]) {
      const results = deviationsOf(turned(figures[0], about, beyond, degrees), figures[0]);
      for (const each of results) {
        if (each.joint !== joint) assert.ok(Math.abs(each.degrees) < 0.01, each.joint);
      }
      const found = results.find((each) => each.joint === joint).degrees;
      assert.ok(Math.abs(found) > 10 && Math.abs(found) < 25.1, `${joint} ${found}`); // less than 25 if the joint passes through straight
    }
  }
});

test("a fault is found within a movement of another tempo", () => {
  const { aspectRatio } = performance("slow_squat");
  const bent = (landmarks, timeS) => (timeS < 1 ? landmarks : landmarksOf(turned(figureOf(landmarks, aspectRatio), 14, [16, 18, 20, 22], 40), aspectRatio));
  const { results } = coached("squat", "slow_squat", bent);
  const during = results.slice(40);
  assert.ok(usual(during, "right_elbow") > 20, `${usual(during, "right_elbow")}`);
  for (const joint of JOINTS.filter((each) => each !== "right_elbow")) assert.ok(usual(during, joint) < 5, joint);
});

test("a leaning trunk is reported for trunk and hips, not for the knees", () => {
  const { results } = coached("squat", "leaning_squat");
  const worst = (joint) => Math.max(...results.map(({ deviations }) => Math.abs(deviations.find((each) => each.joint === joint).degrees ?? 0)));
  assert.ok(worst("trunk") > 15, `${worst("trunk")}`);
  assert.ok(usual(results, "left_knee") < 5);
});

test("an athlete who faces the other way is compared with the mirror image", () => {
  const { aspectRatio } = performance("squat");
  const other = (landmarks) => landmarksOf(mirrored(figureOf(landmarks, aspectRatio), aspectRatio), aspectRatio);
  const first = coached("squat", "squat", other);
  assert.equal(first.coach.facesOtherWay, true);
  assert.ok(Math.max(...JOINTS.map((joint) => usual(first.results, joint))) > 20);
  const coach = new GhostCoach();
  coach.mirror(true);
  const { results } = coached("squat", "squat", other, coach);
  for (const joint of JOINTS) assert.ok(usual(results, joint) < 3, joint);
});

test("in 3D a movement is the same from another side, in 2D it is not", () => {
  const [side, ahead] = [performance("squat"), performance("squat_from_ahead")];
  const deepest = side.timesS.findIndex((timeS) => timeS >= (side.repetitions[0].startS + side.repetitions[0].endS) / 2);
  const [flat, inSpace] = [[], [side.worlds[deepest], ahead.worlds[deepest]]].map((worlds) => deviationsOf(side.figures[deepest], ahead.figures[deepest], ...worlds));
  assert.ok(inSpace.every(({ isFlat }) => !isFlat) && flat.every(({ isFlat }) => isFlat));
  const [trunk] = inSpace.splice(JOINTS.indexOf("trunk"), 1);
  assert.ok(greatest(inSpace) < 0.1, `${greatest(inSpace)}`);
  assert.ok(trunk.degrees < 6, `${trunk.degrees}: the camera looks down by six degrees`);
  assert.ok(greatest(flat) > 30, `${greatest(flat)}`);
});

test("a leaning trunk is reported in 3D, or in 2D if a source has no depth", () => {
  const [upright, leaning] = [performance("squat"), performance("leaning_squat")];
  const worst = (joint, results) => Math.max(...results.map((each) => Math.abs(each.find((one) => one.joint === joint).degrees)));
  const count = upright.timesS.findIndex((timeS) => timeS > upright.repetitions[1].endS);
  const compared = (...of) => Array.from({ length: count }, (_, at) => deviationsOf(leaning.figures[at], upright.figures[at], ...of.map(({ worlds }) => worlds[at])));
  assert.ok(worst("trunk", compared(leaning, upright)) > 15);
  assert.ok(worst("left_knee", compared(leaning, upright)) < 8);
  assert.ok(compared(leaning).flat().every(({ isFlat }) => isFlat));
  const [bare] = [leaning.worlds[0].slice().fill(NaN, 3 * 25, 3 * 26)];
  const results = deviationsOf(leaning.figures[0], upright.figures[0], bare, upright.worlds[0]);
  assert.deepEqual(results.filter(({ isFlat }) => isFlat).map(({ joint }) => joint), ["left_hip", "left_knee", "left_ankle"]);
});

test("the coach compares in 3D, also with the mirror image", () => {
  const { timesS, landmarks, worlds, figures, aspectRatio, repetitions: [{ startS, endS }] } = performance("squat");
  const nearest = (timeS) => Math.min(Math.round(timeS / (timesS[1] - timesS[0])), figures.length - 1);
  const taught = trackOf((timeS) => figures[nearest(timeS)], startS, endS, (timeS) => worlds[nearest(timeS)]);
  for (const isMirrored of [false, true]) {
    const coach = new GhostCoach();
    coach.mirror(isMirrored);
    coach.teach(taught);
    const seen = (at, timeMs) => coach.see({
      timeMs, aspectRatio, world: isMirrored ? mirroredInSpace(worlds[at]) : worlds[at],
      landmarks: isMirrored ? landmarksOf(mirrored(figures[at], aspectRatio), aspectRatio) : landmarks[at],
    });
    for (let at = 0; at < LOOKS; at += 1) seen(0, 50 * at);
    const results = timesS.map((timeS, at) => seen(at, 50 * LOOKS + 1000 * timeS));
    for (const joint of JOINTS) assert.ok(usual(results, joint) < 4, `${joint} ${usual(results, joint)}`);
    assert.ok(results.at(-1).deviations.every(({ isFlat }) => !isFlat));
  }
});

test("mirroring twice gives the same body", () => {
  const { figures: [figure] } = performance("curl");
  mirrored(mirrored(figure)).forEach((value, at) => assert.ok(Math.abs(value - figure[at]) < 1e-6));
  const { figures: [sideways] } = performance("squat");
  assert.equal(turnedTo(mirrored(sideways)), -turnedTo(sideways));
});

test("unseen joints are reported as unseen", () => {
  const { figures: [figure] } = performance("squat");
  const hidden = { left_elbow: [15], right_knee: [26], left_shoulder: [11] };
  for (const [joint, landmarks] of Object.entries(hidden)) {
    for (const results of [deviationsOf(without(figure, landmarks), figure), deviationsOf(figure, without(figure, landmarks))]) {
      const { degrees } = results.find((each) => each.joint === joint);
      assert.equal(degrees, null);
      assert.equal(closeness(degrees), "unseen");
    }
  }
  const ghost = scaled(without(figure, [13]), new Map());
  for (const at of [13, 15, 19]) assert.ok(Number.isNaN(ghost[3 * at]), `${at} hangs on what is not seen`);
  assert.ok(Number.isFinite(ghost[3 * 14]));
  assert.equal(scaled(without(figure, [23, 24]), new Map()), null);
});

test("the ghost waits while the athlete is out of the picture", () => {
  const { coach, results } = coached("squat", "squat");
  const { aspectRatio } = performance("squat");
  const gone = coach.see({ timeMs: 90_000, landmarks: null, aspectRatio });
  assert.deepEqual([gone.stage, gone.ghost, gone.atS], ["unseen", null, null]);
  assert.ok(gone.deviations.every(({ degrees }) => degrees === null));
  assert.equal(gone.rounds, results.at(-1).rounds);
});

test("the ghost holds a held position", () => {
  const { figures, aspectRatio, landmarks } = performance("squat");
  const coach = new GhostCoach();
  coach.teach(trackOf(() => figures[0], 0, 2));
  const results = Array.from({ length: LOOKS + 1 }, (_, at) => coach.see({ timeMs: 50 * at, landmarks: landmarks[0], aspectRatio }));
  assert.equal(results.at(-1).stage, "following");
  assert.ok(greatest(results.at(-1).deviations) < 0.1);
});

test("a recording without poses cannot be followed", () => {
  const { aspectRatio, landmarks } = performance("squat");
  assert.equal(trackOf(() => null, 0, 2), null);
  const coach = new GhostCoach();
  const stage = (timeMs) => coach.see({ timeMs, landmarks: landmarks[0], aspectRatio }).stage;
  assert.equal(stage(0), "idle");
  coach.teach(null);
  assert.equal(Array.from({ length: LOOKS + 1 }, (_, at) => stage(50 * at)).at(-1), "unlike");
  coach.teach(undefined);
  assert.equal(stage(2000), "idle");
});

for (const name of Object.keys(PERFORMED).filter((each) => each.endsWith(" again"))) {
  test(`${name}, taller and at half the tempo, is followed cycle by cycle`, () => {
    const { results } = coached(name.replace("again", "once"), name);
    assert.equal(results.at(-1).rounds, performance(name).repetitions.length);
    for (const joint of JOINTS) assert.ok(!(usual(results, joint) > 12), `${joint} ${usual(results, joint)}`);
  });
}

test("a ghost that keeps the recording's tempo is where the recording is", () => {
  const coach = new GhostCoach();
  coach.keepsTempo = false;
  const recorded = track("squat");
  coach.teach(recorded);
  const { landmarks, aspectRatio } = performance("squat");
  for (let at = 0; at < LOOKS; at += 1) coach.see({ timeMs: 50 * at, landmarks: landmarks[0], aspectRatio });
  const { atS } = coach.see({ timeMs: 2000, landmarks: landmarks[0], aspectRatio }, recorded.startS + 1);
  assert.ok(Math.abs(atS - recorded.startS - 1) < recorded.stepS);
});

test("measuring continues while the athlete bends, until the ghost has their size", () => {
  const { at, landmarks, timesS, aspectRatio, repetitions: [{ startS, endS }] } = performance("squat");
  const coach = new GhostCoach();
  coach.teach(track("squat"));
  const bent = landmarksOf(at((startS + endS) / 2), aspectRatio);
  for (let look = 0; look < LOOKS; look += 1) coach.see({ timeMs: 50 * look, landmarks: bent, aspectRatio });
  const results = landmarks.map((each, index) => coach.see({ timeMs: 50 * LOOKS + 1000 * timesS[index], landmarks: each, aspectRatio }));
  const tallness = (figure) => placeOf(figure, 27)[1] - placeOf(figure, 11)[1];
  const { ghost, athlete } = results.at(-1);
  assert.ok(Math.abs(tallness(ghost) / tallness(athlete) - 1) < 0.03, `${tallness(ghost) / tallness(athlete)}`);
});
