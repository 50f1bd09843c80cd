/**
 * Pages that the browser restores by its Back button, with everything that they showed.
 * @module
 */

import { lastUser } from "../offline/last-answers.ts";
import { shownUser } from "../stores/account.ts";

/** The user who was signed in when the page was loaded. */
const userAtFirst = lastUser();

/** Load the page anew if what it shows is not of the user who is signed in now. */
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || lastUser() === (shownUser() ?? userAtFirst)) return;
  document.documentElement.hidden = true; // until the new page is there
  location.reload();
});
