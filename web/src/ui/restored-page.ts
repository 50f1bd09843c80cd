/**
 * Pages that the browser restores by its Back button, with everything that they showed.
 * @module
 */

import { lastChange } from "../api/last-change.ts";
import { lastUser } from "../offline/last-answers.ts";
import { shownUser } from "../stores/account.ts";
import { hasUnsavedWork } from "./leave-guard.ts";

/** The user who was signed in when the page was loaded. */
const userAtFirst = lastUser();

/** The last change when the page was left. */
let changeBefore = lastChange();

addEventListener("pagehide", () => { changeBefore = lastChange(); });

/** Load the page anew if what it shows is not of the user who is signed in now, or was changed on another page. Unsaved work stays. */
addEventListener("pageshow", ({ persisted }) => {
  const isOfUser = lastUser() === (shownUser() ?? userAtFirst);
  if (!persisted || (isOfUser && (lastChange() === changeBefore || hasUnsavedWork()))) return;
  document.documentElement.hidden = true; // until the new page is there
  location.reload();
});
