/**
 * Loads the texts of the page of coupons.
 * @module
 */

import { addTextsOf } from "../i18n/l10n.ts";

await addTextsOf("coupons");
