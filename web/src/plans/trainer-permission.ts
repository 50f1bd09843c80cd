/**
 * Letting the trainer of a plan see one's training, asked once the plan has been chosen.
 * @module
 */

import { request, send } from "../api/client.ts";
import { RetryKey } from "../api/retry-key.ts";
import { announce, focusResult, h } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { t } from "../i18n/l10n.ts";

/** The question, or where to change the answer. */
export async function trainerPermission(trainerId: string, enrollmentId: string): Promise<HTMLElement> {
  const { items } = await request("/v1/me/trainers");
  const box = h("div", { class: "trainer-permission" });
  const settings = () => h("p", { class: "muted" }, t("trainers-sees"), " ", h("a", { href: "/account.html#trainers" }, t("trainers-change")));
  if (items.some((each: {trainerId: string}) => each.trainerId === trainerId)) {
    box.append(settings());
    return box;
  }
  const [videos, assign] = [h("input", { type: "checkbox" }), h("input", { type: "checkbox" })];
  const allow = h("button", { class: "button", type: "button" }, t("trainers-allow"));
  const key = new RetryKey();
  allow.addEventListener("click", () => void (async () => {
    try {
      const body = { video: videos.checked, assign: assign.checked, enrollmentId };
      await send("PUT", `/v1/me/trainers/${encodeURIComponent(trainerId)}`, body, key.headers(body));
      box.replaceChildren(settings());
      announce(t("trainers-allowed"));
      focusResult(box);
    } catch (error) {
      showError(error);
    }
  })());
  box.append(h("p", null, t("trainers-offer")), h("p", { class: "muted" }, t("trainers-what")), h("label", { class: "check" }, videos, t("trainers-videos")),
    h("label", { class: "check" }, assign, t("trainers-assign")), allow);
  return box;
}
