/**
 * Loads the texts of the health page.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("health");
