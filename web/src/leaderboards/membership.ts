/**
 * Leaderboard membership: join, change the pseudonym, leave.
 * @module
 */

import { answer, received } from "../api/client.ts";
import { t, textOr } from "../i18n/l10n.ts";
import { announce, byId } from "../ui/dom.ts";
import { markField, onSubmit, showError } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";
import { Problem } from "../api/problem.ts";
import { RetryKey } from "../api/retry-key.ts";

const PATH = "/v1/me/leaderboards";

/** Problem codes about the pseudonym, shown at its field. */
const ABOUT_IT = new Set(["leaderboards.pseudonym_taken", "leaderboards.pseudonym_tells_name", "value.invalid", "request.invalid"]);

type Membership = {pseudonym: string | null, consentVersion: string, consentText: string};

let seen: {membership: Membership, tag: string | null};

async function take(response: Response) {
  seen = { membership: await received(response.json()), tag: response.headers.get("ETag") };
  const { pseudonym, consentText } = seen.membership;
  const isMember = pseudonym !== null;
  byId("consent-text").textContent = textOr("consent-leaderboards", consentText);
  byId("pseudonym-shown").textContent = pseudonym ?? "";
  byId("shown-name").hidden = byId("leave").hidden = !isMember;
  byId("joining").hidden = isMember;
  byId<"input">("pseudonym").value = pseudonym ?? "";
  byId("membership").hidden = false; // show the form only with the consent text
  byId("join").textContent = isMember ? t("boards-change") : t("boards-join");
}

const load = async () => take(await answer(PATH));

/** Key of a change, until its whole answer was read. */
let key = new RetryKey();

function ask(method: string, body?: object) {
  const headers = { ...key.headers({ method, body }), ...(seen.tag && { "If-Match": seen.tag }), ...(body && { "Content-Type": "application/json" }) };
  return answer(PATH, { method, headers, body: body && JSON.stringify(body) });
}

function refused(error: unknown, changed: () => void) {
  if (error instanceof Problem && ABOUT_IT.has(error.code)) {
    markField(byId<"input">("pseudonym"), error.detail ?? error.title);
    byId("pseudonym").focus();
    return;
  }
  const again = () => void load().then(() => { changed(); announce(t("boards-current")); }).catch(showError);
  const isOld = error instanceof Problem && (error.status === 412 || error.code === "consent.outdated");
  const isRefused = error instanceof Problem && !error.isTemporary;
  showError(error, { ...(isRefused && { kept: t("change-not-saved") }), ...(isOld && { action: t("show-current-values"), onAction: again }) });
}

/**
 * Show the membership and handle joining, changing and leaving.
 * @param onChange called after loading and after each change
 */
export async function showMembership(onChange: (isMember: boolean, isNew: boolean) => void) {
  const changed = () => onChange(seen.membership.pseudonym !== null, true);
  onSubmit(byId<"form">("membership"), async () => {
    await take(await ask("PUT", { pseudonym: byId<"input">("pseudonym").value.trim(), consentVersion: seen.membership.consentVersion }));
    key = new RetryKey();
    markField(byId<"input">("pseudonym"), "");
    announce(t("boards-seen-as", { pseudonym: seen.membership.pseudonym }));
    changed();
    byId("membership-title").focus();
  }, (error) => refused(error, changed));
  const leave = byId("leave");
  leave.addEventListener("click", () => void once(leave, async () => {
    try {
      await ask("DELETE");
      key = new RetryKey();
      await load();
      announce(t("boards-left"));
      changed();
      byId("membership-title").focus(); // the focused button is gone
    } catch (error) {
      refused(error, changed);
    }
  }));
  await load();
  onChange(seen.membership.pseudonym !== null, false);
}
