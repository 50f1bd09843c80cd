// A camera without a picture is lost, unless the page is hidden: browsers mute it then.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

mock.timers.enable({ apis: ["setInterval"] });
globalThis.document = { hidden: false, documentElement: { lang: "en" }, getElementById: () => null };

const permission = Object.assign(new EventTarget(), { state: "granted" });
const mediaDevices = { enumerateDevices: async () => [] };
Object.defineProperty(globalThis, "navigator", { value: { permissions: { query: async () => permission }, mediaDevices } });

const { watchCamera } = await import("./camera.ts");

/** A camera with one track. */
function camera() {
  const track = Object.assign(new EventTarget(), { muted: false, readyState: "live", getSettings: () => ({ deviceId: "front" }) });
  const losses = [];
  watchCamera({ getVideoTracks: () => [track] }, (loss) => losses.push(loss));
  return { track, losses };
}

const pass = (seconds) => { for (let second = 0; second < seconds; second += 1) mock.timers.tick(1000); };

test("a camera that stays muted is lost, once", async () => {
  const { track, losses } = camera();
  pass(60);
  track.muted = true;
  pass(60);
  assert.equal(losses.length, 1);
  const { title, advice } = await losses[0];
  assert.match(title, /no picture/);
  assert.match(advice, /Close that program/);
});

test("a camera that is muted for a moment is not lost", () => {
  const { track, losses } = camera();
  for (const muted of [true, false, true, false]) {
    track.muted = muted;
    pass(4);
  }
  assert.deepEqual(losses, []);
});

test("a camera that is muted while the page is hidden is not lost", () => {
  const { track, losses } = camera();
  track.muted = document.hidden = true;
  pass(60);
  document.hidden = track.muted = false;
  pass(60);
  assert.deepEqual(losses, []);
});

test("a camera that the page has turned off is not lost", () => {
  const { track, losses } = camera();
  track.readyState = "ended";
  track.muted = true;
  pass(60);
  assert.deepEqual(losses, []);
});

test("a muted camera that the page turns off is not lost", () => {
  const { track, losses } = camera();
  track.muted = true;
  pass(5);
  track.readyState = "ended";
  pass(60);
  assert.deepEqual(losses, []);
});

test("a camera that is muted because its permission was revoked is lost for that reason", async () => {
  permission.state = "denied";
  const { track, losses } = camera();
  track.muted = true;
  pass(60);
  const { title } = await losses[0];
  permission.state = "granted";
  assert.match(title, /revoked/);
});

test("a camera that is unplugged is lost for that reason, also if it was muted first", async () => {
  const { track, losses } = camera();
  track.muted = true;
  track.readyState = "ended";
  track.dispatchEvent(new Event("ended"));
  assert.match((await losses[0]).title, /disconnected/);
});
