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
import { byId } from "../ui/dom.ts";
import { offerReload } from "../ui/forms.ts";

const board = byId<"leader-boards">("board");

const showFilters = () => { board.filters = parseFilters(location.search); };

board.addEventListener("chosen", () => history.pushState(null, "", `${location.pathname}${board.search}`));
addEventListener("popstate", showFilters);
showFilters();
showMembership((isMember, isNew) => {
  board.member = isMember;
  if (isNew) void board.load();
}).catch(offerReload);
for (const show of [showComparison, showPoseReport]) show().catch(offerReload);
