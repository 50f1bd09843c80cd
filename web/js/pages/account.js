/**
 * The account of whoever signed in.
 * @module
 */

import "../components/site-header.js";
import { showAccessLog } from "../account/access-log.js";
import { showConsents } from "../account/consents.js";
import { showCues } from "../account/cues.js";
import { showDisplay } from "../account/display.js";
import { showErasure } from "../account/erasure.js";
import { showExport } from "../account/export.js";
import { showProfile } from "../account/profile.js";
import { showSignIns } from "../account/sign-ins.js";
import { showTraining } from "../account/training.js";
import { showWays } from "../account/ways.js";
import { request, send } from "../api.js";
import { byId, h } from "../dom.js";
import { tell } from "../forms.js";
import { tellReturn } from "../returning.js";
import { forget } from "../signing-in.js";

/** @param {import("../stores/account.js").User} user */
function showAccount({ email, roles, tenantId }) {
  const facts = [["E-mail", email], ["Organisation", tenantId], ["Roles", roles.join(", ")]];
  byId("profile").replaceChildren(...facts.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value ?? "not given")]));
}

/** @param {string} path */
async function signOut(path) {
  try {
    await send("POST", path);
    forget();
    location.assign("/sign_in.html");
  } catch (error) {
    tell(error);
  }
}

async function show() {
  showAccount(await request("/v1/auth/me")); // Whoever has not signed in is led away here.
  await Promise.all([showProfile(), showDisplay(), showTraining(), showCues(), showSignIns(), showWays(), showConsents(), showErasure(), showAccessLog()]);
  tellReturn("No way to sign in was added.");
  byId("account").removeAttribute("aria-busy");
  if (location.hash === "#consents") byId("consents-title").focus();
}

showExport(); // What waits for no answer works at once.
byId("sign-out").addEventListener("click", () => void signOut("/v1/auth/logout"));
byId("sign-out-everywhere").addEventListener("click", () => void signOut("/v1/auth/logout-everywhere"));
show().catch((error) => tell(error, { action: "Try again", onAction: () => location.reload() }));
