/**
 * Banner for a script that cannot be loaded when it is needed: the server has been updated since the page was opened, or there
 * is no connection. Importing this module is enough. `api/error-reports.ts` handles scripts that are missing when a page opens.
 * @module
 */

import { partMissing } from "../api/problem.ts";
import { t } from "../i18n/l10n.ts";
import { showProblem } from "./banner.ts";

globalThis.addEventListener("vite:preloadError", () => showProblem(partMissing(), { action: t("reload-page"), onAction: () => location.reload() }));
