/**
 * Deletion of the health profile on the health page.
 * @module
 */

import { answer } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { codeOf } from "../api/problem.ts";

/** Show the button, which asks once more before it deletes. */
export function showProfileDeletion() {
  const status = h("p", { class: "hint", role: "status" });
  const button = h("button", { class: "button", type: "button" }, t("health-profile-delete"));
  let sure = false;
  const ask = (asks: boolean) => {
    sure = asks;
    button.textContent = asks ? t("health-delete-sure") : t("health-profile-delete");
  };
  button.addEventListener("blur", () => ask(false));
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (!sure) {
      ask(true);
      return;
    }
    button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
    try {
      await answer("/v1/me/health/profile", { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } });
      status.textContent = t("health-profile-deleted");
    } catch (error) {
      if (codeOf(error) === "health.profile_unknown") status.textContent = t("health-profile-none");
      else showError(error, { kept: t("health-delete-again") });
    } finally {
      ask(false);
      button.removeAttribute("aria-disabled");
    }
  });
  byId("profile-deletion-body").replaceChildren(h("p", null, t("health-profile-how")), h("div", { class: "choices" }, button), status);
}
