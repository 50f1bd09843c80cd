/**
 * Loads the texts of the history page.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("history");
