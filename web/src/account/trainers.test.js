// What trainers may see and do on the pages, and what they write (R-TEN-03).
import assert from "node:assert/strict";
import test from "node:test";

import { elements, requests, serve, settled } from "../testing/page.js";

const { showTrainers } = await import("./trainers.ts");
const { isOwn } = await import("../api/client.ts");
const { setPageUser } = await import("../stores/account.ts");
const { sessionActions } = await import("../session/session-actions.ts");
const { showComments } = await import("../ui/session-comments.ts");

const AWAY = [503, { status: 503, code: "away", title: "Come again." }];

/** Open the form for comments at a moment; the answers to comments come from a list. */
async function commenting(at, ...answers) {
  const section = document.createElement("section");
  serve(({ method }) => (method === "POST" ? answers.shift() : [200, { items: [], mayComment: true }]));
  await showComments(section, "s", () => {}, { label: "Comment", fields: [], place: () => ({ atMs: at.ms }) });
  const [form] = section.all("form");
  const [text] = section.all("textarea");
  const write = async (/** @type {string} */ words) => {
    if (text.value !== words) {
      text.value = words;
      form.fire("input");
    }
    form.fire("submit");
    await settled();
  };
  return { text, write, written: () => requests.filter(({ method }) => method === "POST") };
}

test("a retry writes the same comment, and a changed comment is another one", async () => {
  const at = { ms: 1000 };
  const { text, write, written } = await commenting(at, AWAY, AWAY, [201, { position: 1 }], [201, { position: 2 }]);
  await write("Chest up.");
  at.ms = 2000;
  await write("Chest up.");
  await write("Chest up, please.");
  assert.equal(text.value, "");
  await write("Chest up, please.");
  const [first, again, changed, next] = written();
  assert.deepEqual(again, first);
  assert.deepEqual(changed.body, { text: "Chest up, please.", atMs: 2000 });
  assert.notEqual(changed.key, first.key);
  assert.notEqual(next.key, changed.key);
});

test("a comment that is written is not written again because the list cannot be read", async () => {
  const { text, write, written } = await commenting({ ms: 0 }, [201, { position: 1 }]);
  const { fetch } = globalThis;
  globalThis.fetch = async (path, options) => (options?.method === "POST" ? fetch(path, options) : Response.json(AWAY[1], { status: 503 }));
  await write("Chest up.");
  assert.equal(text.value, "");
  assert.equal(written().length, 1);
  assert.match(elements.banner.textContent, /Come again/);
});

test("comments that cannot be loaded are said to be missing, and are loaded again", async () => {
  const section = document.createElement("section");
  const answers = [AWAY, [200, { items: [], mayComment: true }]];
  serve(() => answers.shift());
  await showComments(section, "s", () => {}, { label: "Comment", fields: [], place: () => ({ atMs: 0 }) });
  assert.equal(section.hidden, false);
  assert.match(section.textContent, /could not be loaded/);
  section.all("button")[0].fire("click");
  await settled();
  assert.equal(section.all("textarea").length, 1);
  assert.doesNotMatch(section.textContent, /could not be loaded/);
});

test("whoever may not read comments sees no section of them", async () => {
  const section = document.createElement("section");
  serve(() => [404, { status: 404, code: "session.unknown", title: "Session not found." }]);
  await showComments(section, "s", () => {});
  assert.equal(section.hidden, true);
});

test("the checkbox for videos shows what is saved", async () => {
  const trainer = { trainerId: "t", name: "Mara", video: false, allowedAt: "2030-01-01T00:00:00Z" };
  const box = () => elements["trainer-list"].all("input")[0];
  const press = async () => {
    box().checked = !box().checked;
    box().fire("change");
    await settled();
  };
  serve(({ method }) => (method === "PUT" ? [409, { status: 409, code: "refused", title: "Not now." }] : [200, { items: [trainer] }]));
  await showTrainers();
  await press();
  assert.equal(Boolean(box().checked), false);
  assert.match(elements.banner.textContent, /Not now/);

  serve(({ method }) => {
    if (method !== "PUT") return [200, { items: [trainer] }];
    trainer.video = true;
    return null; // it is saved, but the answer is lost
  });
  await press();
  assert.equal(box().checked, true);
});

test("a second invitation of a trainer begins with what the trainer may do already", async () => {
  const trainer = { trainerId: "t", name: "Mara", video: true, assign: true, allowedAt: "2030-01-01T00:00:00Z" };
  const invitation = { invitationId: "i", trainerId: "t", trainerName: "Mara", state: "open" };
  serve(({ path }) => [200, path.startsWith("/v1/athlete-invitations") ? invitation : { items: [trainer], position: 1 }]);
  globalThis.history = { replaceState() {} };
  location.search = "?invitation=i";
  await showTrainers();
  location.search = "";
  const question = elements["trainer-invitation"];
  assert.match(question.textContent, /The trainer sees your training/);
  question.all("button")[0].fire("click");
  await settled();
  const [{ body }] = requests.filter(({ method }) => method === "PUT");
  assert.deepEqual(body, { video: true, assign: true, invitationId: "i" });
});

test("the actions of a session are those of its athlete, and a trainer replays it", () => {
  serve(() => [200, { items: [], mayComment: true }]);
  const session = { sessionId: "s", status: "COMPLETED", workoutId: null, recording: { id: "s", name: "" }, repetitions: [] };
  const actions = (/** @type {object} */ change) => {
    const element = sessionActions({ ...session, ...change }, { onMoment() {} });
    return [...element.all("a"), ...element.all("button")].map(({ textContent }) => textContent);
  };
  assert.deepEqual(actions({ isOwn: true }), ["Replay and train with the ghost", "Share", "Rename", "Delete"]);
  assert.deepEqual(actions({ isOwn: false }), ["Replay"]);
  assert.deepEqual(actions({ isOwn: false, recording: null }), []);
  assert.deepEqual(actions({ isOwn: false, status: "IN_PROGRESS", recording: null, workoutId: "w" }), []);
});

test("training is the user's own, or anybody's on an installation without accounts", async () => {
  serve(() => [500, {}]);
  assert.equal(await isOwn("ada"), true);
  setPageUser("ada");
  assert.deepEqual([await isOwn("ada"), await isOwn("eve")], [true, false]);
  setPageUser(null);
});
