/**
 * Account page.
 * @module
 */

import "../ui/site-header.js";
import { showAccessLog } from "./access-log.js";
import { showConsents } from "./consents.js";
import { showCues } from "./cue-preferences.js";
import { showDisplay } from "./display-preferences.js";
import { showEmails } from "./email-preferences.js";
import { showErasure } from "./erasure.js";
import { showExport, showExports } from "./data-export.js";
import { showProfile } from "./profile.js";
import { showSecondFactors } from "./second-factors.js";
import { showSignIns } from "./sign-ins.js";
import { showTrainers } from "./trainers.js";
import { showTraining } from "./training-settings.js";
import { showSignInMethods } from "./sign-in-methods.js";
import { settleUnsentData } from "./unsent-data.js";
import { athlete, request, send } from "../api/client.js";
import { byId, h } from "../ui/dom.js";
import { showError } from "../ui/forms.js";
import { showReturnProblem } from "../auth/oauth-return.js";
import { forget } from "../api/credentials.js";
import { isAdministrator, isAnalyst } from "../stores/account.js";
import { t, textOr } from "../i18n/l10n.js";

/** @param {import("../stores/account.js").User} user */
function showAccount(user) {
  const { email, roles, tenantId } = user;
  const facts = [[t("email"), email], [t("organization"), tenantId], [t("roles"), roles.map((role) => textOr(`role-${role}`, role)).join(", ")]];
  byId("profile").replaceChildren(...facts.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value ?? t("none"))]));
  byId("all-payments").hidden = !isAdministrator(user);
  byId("all-figures").hidden = !isAnalyst(user);
}

/** What to do with unsent data at sign-out. */
const SIGNING_OUT = {
  hint: t("unsent-hint-sign-out"),
  cancel: t("cancel"),
  keep: t("sign-out-keep"),
  delete: t("sign-out-delete"),
};

/** @param {string} path */
async function signOut(path) {
  try {
    if (!(await settleUnsentData(await athlete(), SIGNING_OUT))) return;
    await send("POST", path);
    forget();
    location.assign("/sign_in.html");
  } catch (error) {
    showError(error);
  }
}

async function show() {
  showAccount(await request("/v1/auth/me")); // Redirects to the sign-in page if nobody has signed in.
  await Promise.all([showProfile(), showDisplay(), showEmails(), showTraining(), showCues(), showSignIns(), showSignInMethods(), showSecondFactors(), showConsents(), showErasure(), showAccessLog(), showTrainers(), showExports()]);
  showReturnProblem(t("no-method-added"));
  byId("account").removeAttribute("aria-busy");
  if (location.hash === "#consents") byId("consents-title").focus();
}

showExport(); // Needs no response, so it works at once.
byId("sign-out").addEventListener("click", () => void signOut("/v1/auth/logout"));
byId("sign-out-everywhere").addEventListener("click", () => void signOut("/v1/auth/logout-everywhere"));
show().catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
