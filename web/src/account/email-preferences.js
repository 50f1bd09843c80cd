/**
 * Choice of e-mails on the account page.
 * @module
 */

import { t } from "../i18n/l10n.js";
import { byId } from "../ui/dom.js";
import { connectVersionedForm } from "./versioned-form.js";

/** Load the choice and save changes. */
export function showEmails() {
  return connectVersionedForm({
    form: "emails",
    path: "/v1/me/emails",
    /** @param {{assignedWorkouts: boolean}} choice */
    show({ assignedWorkouts }) { byId("emails-assigned").checked = assignedWorkouts; },
    read: () => ({ assignedWorkouts: byId("emails-assigned").checked }),
    kept: t("emails-saved"),
    now: t("emails-now"),
  });
}
