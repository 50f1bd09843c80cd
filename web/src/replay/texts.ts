/**
 * Loads the texts of the replay page.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("replay");
