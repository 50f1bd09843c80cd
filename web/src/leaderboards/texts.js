/**
 * Loads the texts of the leaderboards page.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.js";

await addTextsOf("leaderboards");
