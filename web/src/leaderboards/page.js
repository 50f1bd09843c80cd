/**
 * Leaderboards page: leaderboard, membership and comparison.
 * @module
 */

import "./leaderboard-list.js";
import "../ui/site-header.js";

import { showComparison } from "./comparison.js";
import { showMembership } from "./membership.js";
import { wishOf } from "./filters.js";
import { byId } from "../ui/dom.js";
import { tell } from "../ui/forms.js";

const board = byId("board");

const showWished = () => { board.wish = wishOf(location.search); };

board.addEventListener("chosen", () => history.pushState(null, "", `${location.pathname}${board.search}`));
addEventListener("popstate", showWished);
showWished();
showMembership((isMember, isNew) => {
  board.member = isMember;
  if (isNew) void board.load();
}).catch((error) => tell(error, { action: "Try again", onAction: () => location.reload() }));
showComparison().catch((error) => tell(error, { action: "Try again", onAction: () => location.reload() }));
