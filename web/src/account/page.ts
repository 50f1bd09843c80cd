/**
 * Account page.
 * @module
 */

import "../ui/site-header.ts";
import { showAccessLog } from "./access-log.ts";
import { showConsents } from "./consents.ts";
import { showCues } from "./cue-preferences.ts";
import { showDisplay } from "./display-preferences.ts";
import { showEmails } from "./email-preferences.ts";
import { showErasure } from "./erasure.ts";
import { showExport, showExports } from "./data-export.ts";
import { showProfile } from "./profile.ts";
import { showSecondFactors } from "./second-factors.ts";
import { showSignIns } from "./sign-ins.ts";
import { showTrainers } from "./trainers.ts";
import { showTraining } from "./training-settings.ts";
import { showSignInMethods } from "./sign-in-methods.ts";
import { settleUnsentData } from "./unsent-data.ts";
import { athlete, request, send } from "../api/client.ts";
import { byId, h } from "../ui/dom.ts";
import { offerReload, showError } from "../ui/forms.ts";
import { showReturnProblem } from "../auth/oauth-return.ts";
import { forget } from "../api/credentials.ts";
import { signInPage } from "../api/tenant.ts";
import { isAdministrator, isAnalyst, isTrainer, type User } from "../stores/account.ts";
import { addTextsOf, t, textOr } from "../i18n/l10n.ts";

await addTextsOf("account");

function showAccount(user: User) {
  const { email, roles, tenantId } = user;
  const facts = [[t("email"), email], [t("organization"), tenantId], [t("roles"), roles.map((role) => textOr(`role-${role}`, role)).join(", ")]];
  byId("profile").replaceChildren(...facts.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value ?? t("none"))]));
  byId("become-trainer").hidden = isTrainer(user);
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

async function signOut(path: "/v1/auth/logout" | "/v1/auth/logout-everywhere") {
  try {
    if (!(await settleUnsentData(await athlete(), SIGNING_OUT))) return;
    await send("POST", path);
    forget();
    location.assign(signInPage());
  } catch (error) {
    showError(error);
  }
}

async function show() {
  showAccount(await request("/v1/auth/me")); // Redirects to the sign-in page if nobody has signed in.
  await Promise.all([showProfile(), showDisplay(), showEmails(), showTraining(), showCues(), showSignIns(), showSignInMethods(), showSecondFactors(), showConsents(), showErasure(), showAccessLog(), showTrainers(), showExports()]);
  showReturnProblem(t("no-method-added"));
  for (const section of ["consents", "trainers"].filter((each) => location.hash === `#${each}`)) {
    byId(section).scrollIntoView(); // it has moved while the parts above it were loaded
    byId(`${section}-title`).focus({ preventScroll: true });
  }
}

showExport(); // Needs no response.
byId("sign-out").addEventListener("click", () => void signOut("/v1/auth/logout"));
byId("sign-out-everywhere").addEventListener("click", () => void signOut("/v1/auth/logout-everywhere"));
show()
  .catch(offerReload)
  .finally(() => byId("account").removeAttribute("aria-busy"));
