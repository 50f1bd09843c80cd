/**
 * Loads the texts of the page of athletes.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("athletes");
