// The replay shows a video as soon as it is ready, and says why there is none.
import assert from "node:assert/strict";
import test, { mock } from "node:test";

globalThis.document = { getElementById: () => ({ textContent: "" }) };
globalThis.localStorage = { getItem: () => null };

const { VideoStatus } = await import("./video-status.ts");

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Answers of the server, in turn; the last one stays. @param {(object | null)[]} answers */
function server(...answers) {
  const paths = [];
  globalThis.fetch = async (path) => {
    paths.push(String(path));
    const row = answers.length > 1 ? answers.shift() : answers[0];
    if (row === null) throw new TypeError("unreachable");
    return Response.json(row);
  };
  return paths;
}

test("a pending video is shown once it is ready, also after an outage", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const ready = { video_status: "ready", video_problem: null, video_media_type: "video/mp4" };
  const paths = server({ video_status: "pending", video_problem: null }, null, ready);
  const element = { textContent: "", hidden: true };
  const videos = [];
  const status = new VideoStatus(element, { id: "r 1", share: "t" }, (video) => videos.push(video));
  status.show("pending", null);
  assert.deepEqual([element.hidden, element.textContent], [false, "The video is being made."]);
  for (let round = 0; round < 3; round += 1) {
    assert.deepEqual(videos, []);
    mock.timers.tick(3000);
    await settled();
    await settled();
  }
  assert.deepEqual(videos, [{ url: "/v1/recordings/r%201/video?share=t", mediaType: "video/mp4" }]);
  assert.equal(element.hidden, true);
  mock.timers.tick(9000);
  await settled();
  assert.deepEqual(paths, Array(3).fill("/v1/recordings/r%201?share=t"));
  mock.timers.reset();
});

test("a video that failed says why, and nobody waits for it", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const paths = server(null);
  const element = { textContent: "", hidden: true };
  new VideoStatus(element, { id: "r", share: null }, () => {}).show("failed", "media.missing");
  assert.equal(element.textContent, "The video could not be made (media.missing).");
  mock.timers.tick(9000);
  assert.deepEqual(paths, []);
  mock.timers.reset();
});
