/**
 * Leaderboards page: leaderboard, membership and comparison.
 * @module
 */

import "./texts.js";
import "./leaderboard-list.js";
import "../ui/site-header.js";

import { showComparison } from "./comparison.js";
import { showMembership } from "./membership.js";
import { showPoseReport } from "./pose-report.js";
import { parseFilters } from "./filters.js";
import { t } from "../i18n/l10n.js";
import { byId } from "../ui/dom.js";
import { showError } from "../ui/forms.js";

const board = byId("board");

const showFilters = () => { board.filters = parseFilters(location.search); };

board.addEventListener("chosen", () => history.pushState(null, "", `${location.pathname}${board.search}`));
addEventListener("popstate", showFilters);
showFilters();
showMembership((isMember, isNew) => {
  board.member = isMember;
  if (isNew) void board.load();
}).catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
for (const show of [showComparison, showPoseReport]) show().catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
