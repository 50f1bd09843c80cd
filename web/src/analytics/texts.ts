/**
 * Loads the texts of the page of figures.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("analytics");
