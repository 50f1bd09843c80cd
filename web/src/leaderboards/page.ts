/**
 * Leaderboards page: leaderboard, membership and comparison.
 * @module
 */

import "./texts.ts";
import "./leaderboard-list.ts";
import "../ui/site-header.ts";

import { showComparison } from "./comparison.ts";
import { showMembership } from "./membership.ts";
import { showPoseReport } from "./pose-report.ts";
import { parseFilters } from "./filters.ts";
import { t } from "../i18n/l10n.ts";
import { byId } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";

const board = byId<"leader-boards">("board");

const showFilters = () => { board.filters = parseFilters(location.search); };

board.addEventListener("chosen", () => history.pushState(null, "", `${location.pathname}${board.search}`));
addEventListener("popstate", showFilters);
showFilters();
showMembership((isMember, isNew) => {
  board.member = isMember;
  if (isNew) void board.load();
}).catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
for (const show of [showComparison, showPoseReport]) show().catch((error) => showError(error, { action: t("try-again"), onAction: () => location.reload() }));
