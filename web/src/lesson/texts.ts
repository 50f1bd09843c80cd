/**
 * Texts of lessons, which modules that use them at once import first.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("lesson");
