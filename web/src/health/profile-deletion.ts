/**
 * Deletion of the health profile on the health page.
 * @module
 */

import { answer } from "../api/client.ts";
import { t } from "../i18n/l10n.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { codeOf } from "../api/problem.ts";
import { confirming } from "../ui/questions.ts";

/** Show the button, which asks before it deletes. */
export function showProfileDeletion() {
  const status = h("p", { class: "hint", role: "status" });
  const place = h("div");
  const remove = async () => {
    try {
      await answer("/v1/me/health/profile", { method: "DELETE", headers: { "Idempotency-Key": uniqueKey() } });
      status.textContent = t("health-profile-deleted");
    } catch (error) {
      if (codeOf(error) === "health.profile_unknown") status.textContent = t("health-profile-none");
      else showError(error, { kept: t("health-delete-again") });
    }
    offer();
    place.querySelector("button")?.focus();
  };
  const offer = () => place.replaceChildren(confirming({ label: t("health-profile-delete"), question: t("health-profile-question"), yes: t("health-profile-yes"), no: t("health-profile-no"), isDanger: true }, remove));
  offer();
  byId("profile-deletion-body").replaceChildren(h("p", null, t("health-profile-how")), place, status);
}
