/**
 * Form of a trainer's public profile.
 * @module
 */

import { athlete, Problem, request, send } from "../api/client.ts";
import { languageName, LANGUAGES, SPECIALITIES, specialityName } from "../plans/keys.ts";
import { after } from "../plans/plan-api.ts";
import { announce, byId } from "../ui/dom.ts";
import { markField, onSubmit, showError } from "../ui/forms.ts";
import { saveWork, watchWork, workIsSaved } from "../ui/unsaved-work.ts";
import { check, checked, offerBoxes } from "./check-boxes.ts";
import { texts } from "./texts.ts";

const form = byId<"form">("profile-form");

/** Revision of the public profile that the form shows; 0 for none. */
let profileRevision = 0;

/** Show the profile in its form, which saves it. @throws {Problem} */
export async function openProfile() {
  offerBoxes(byId("languages"), LANGUAGES, languageName);
  offerBoxes(byId("specialities"), SPECIALITIES, specialityName);
  await showProfile();
  onSubmit(form, saveProfile, refuseProfile);
  watchWork(form);
  byId("trainer-name").addEventListener("input", () => markField(byId<"input">("trainer-name"), ""));
}

async function saveProfile() {
  const languages = checked(byId("languages"));
  const [first] = byId("languages").querySelectorAll("input");
  byId("languages-wrong").textContent = languages.length ? "" : texts.languageMissing;
  if (!languages.length) { first.focus(); return; }
  const body = { name: byId<"input">("trainer-name").value.trim(), description: byId<"textarea">("trainer-description").value, languages, specialities: checked(byId("specialities")) };
  await saveWork(form, async () => {
    const { position } = await send("PUT", `/v1/trainers/${encodeURIComponent(await athlete())}`, { ...body, revision: profileRevision });
    const saved = await readProfile(position);
    profileRevision = Math.min(saved?.revision ?? 0, profileRevision + 1); // a later change was made elsewhere
  });
  announce(texts.profileSaved);
  byId("profile-status").textContent = texts.profileSaved;
}

/** After a change made elsewhere the form keeps what was typed, beside a button that shows the profile as it is now. */
function refuseProfile(error: unknown) {
  if (!(error instanceof Problem) || error.code !== "trainer.profile_changed") { showError(error); return; }
  const show = async () => { await showProfile(); byId("trainer-name").focus(); };
  showError(error, { kept: texts.kept, action: texts.showProfile, onAction: () => { show().catch(showError); } });
}

async function readProfile(position: number | null) {
  return request(`/v1/trainers/${encodeURIComponent(await athlete())}`, after(position)).catch((error) => { if (error instanceof Problem && error.status === 404) return null; throw error; });
}

async function showProfile() {
  const profile = await readProfile(null);
  profileRevision = profile?.revision ?? 0;
  byId<"input">("trainer-name").value = profile?.name ?? "";
  byId<"textarea">("trainer-description").value = profile?.description ?? "";
  check(byId("languages"), profile?.languages ?? []);
  check(byId("specialities"), profile?.specialities ?? []);
  workIsSaved(form);
}
