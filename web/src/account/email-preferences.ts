/**
 * Choice of e-mails on the account page.
 * @module
 */

import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";
import { connectVersionedForm } from "./versioned-form.ts";

/** Load the choice and save changes. */
export function showEmails() {
  return connectVersionedForm({
    form: "emails",
    path: "/v1/me/emails",
    show({ assignedWorkouts }: {assignedWorkouts: boolean}) { byId<"input">("emails-assigned").checked = assignedWorkouts; },
    read: () => ({ assignedWorkouts: byId<"input">("emails-assigned").checked }),
    kept: t("emails-saved"),
    now: t("emails-now"),
  });
}
