/**
 * Loads the texts of the leaderboards page.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("leaderboards");
