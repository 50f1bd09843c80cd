/**
 * Trainers who see the user's training: an invitation, and who sees it already.
 * @module
 */

import { Problem, request, send, type Schemas } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { day } from "../i18n/format.ts";
import { showError } from "../ui/forms.ts";
import { latest } from "../ui/latest.ts";
import { t } from "../i18n/l10n.ts";

type OwnTrainer = Schemas["OwnTrainer"];
type AthleteInvitation = Schemas["AthleteInvitation"];

const pathOf = (id: string) => `/v1/me/trainers/${encodeURIComponent(id)}` as const;

const named = (name: string | null) => h("bdi", null, name ?? t("trainers-unnamed"));

/** A checkbox with its words. */
function checkbox(words: string, checked: boolean): [HTMLElement, HTMLInputElement] {
  const box = h("input", { type: "checkbox", checked });
  return [h("label", { class: "check" }, box, words), box];
}

/** Checkboxes for videos and for assigning workouts. */
function choicesOf({ video, assign }: {video: boolean, assign: boolean}) {
  const [videos, videosBox] = checkbox(t("trainers-videos"), video);
  const [assigning, assignBox] = checkbox(t("trainers-assign"), assign);
  return { labels: [videos, assigning], boxes: [videosBox, assignBox], chosen: () => ({ video: videosBox.checked, assign: assignBox.checked }) };
}

/** Carry out a change, then show the list as it is after it. @param undo called if the change fails */
async function carryOut(change: () => Promise<{position: number}>, done: string, undo: () => void = () => {}) {
  let position;
  try {
    ({ position } = await change());
    announce(done);
  } catch (error) {
    undo();
    showError(error);
    if (!(error instanceof Problem && error.isTemporary)) return;
  }
  try {
    await list(position); // also after a temporary failure, because the change may have been saved
    byId("trainers-title").focus();
  } catch (error) {
    showError(error);
  }
}

function row({ trainerId, name, video, assign, allowedAt }: OwnTrainer) {
  const { labels, boxes } = choicesOf({ video, assign });
  const key = uniqueKey();
  const withdraw = h("button", { class: "button", type: "button" }, t("trainers-withdraw"));
  const nameId = `trainer-${trainerId}`;
  for (const each of [...boxes, withdraw]) each.setAttribute("aria-describedby", nameId); // or those of several trainers sound alike
  const undo = () => { [boxes[0].checked, boxes[1].checked] = [video, assign]; };
  // Only what is changed: the other box may show what another tab has changed since.
  const change = (permission: {video: boolean} | {assign: boolean}) => void carryOut(() => send("PUT", pathOf(trainerId), permission, { "Idempotency-Key": uniqueKey() }), t("trainers-changed"), undo);
  boxes[0].addEventListener("change", () => change({ video: boxes[0].checked }));
  boxes[1].addEventListener("change", () => change({ assign: boxes[1].checked }));
  withdraw.addEventListener("click", () => void carryOut(() => request(pathOf(trainerId), { method: "DELETE", headers: { "Idempotency-Key": key } }), t("trainers-withdrawn")));
  return h("li", null, h("div", null, h("p", { id: nameId }, named(name)), h("p", { class: "hint" }, t("trainers-since", { day: day(allowedAt) })), labels), withdraw);
}

/** Trainers who see the user's training, as they were listed last. */
let trainers: OwnTrainer[] = [];

/** The question of an invitation. @param invitation null if it does not exist */
function question(invitation: AthleteInvitation | null) {
  if (invitation?.state !== "open") return h("p", null, t("trainers-invitation-over"));
  const { invitationId, trainerId, trainerName } = invitation;
  const current = trainers.find((each) => each.trainerId === trainerId);
  const { labels, chosen } = choicesOf(current ?? { video: false, assign: false });
  const key = new RetryKey();
  const allow = h("button", { class: "button primary", type: "button" }, t("trainers-allow"));
  const decline = h("button", { class: "button", type: "button", onclick: closeInvitation }, t("trainers-decline"));
  allow.addEventListener("click", () => void carryOut(async () => {
    const body = { ...chosen(), invitationId };
    const written = await send("PUT", pathOf(trainerId), body, key.headers(body));
    closeInvitation();
    return written;
  }, t("trainers-allowed")));
  return h("div", { class: "invitation" }, h("p", null, named(trainerName), " ", t("trainers-asks")), current && h("p", null, t("trainers-sees")), h("p", { class: "hint" }, t("trainers-what")), labels, h("div", { class: "buttons" }, allow, decline));
}

/** Remove the question, also from the address. */
function closeInvitation() {
  byId("trainer-invitation").replaceChildren();
  history.replaceState(null, "", location.pathname);
}

/** Show the invitation in the address, if there is one. */
async function showInvitation() {
  const id = new URLSearchParams(location.search).get("invitation");
  if (!id) return;
  const invitation = await request(`/v1/athlete-invitations/${encodeURIComponent(id)}`).catch((error) => {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  });
  byId("trainer-invitation").replaceChildren(question(invitation));
  byId("trainers-title").focus();
}

/** List who sees the user's training. @param position that a change has written */
const list = latest((position?: number) => request("/v1/me/trainers", position === undefined ? {} : { headers: { "After-Position": String(position) } }), ({ items }) => {
  trainers = items;
  byId("trainer-list").replaceChildren(...(items.length ? items.map(row) : [h("li", { class: "muted" }, t("trainers-none"))]));
});

/** Show who sees the user's training, and the invitation in the address. */
export async function showTrainers() {
  await list();
  await showInvitation();
}
