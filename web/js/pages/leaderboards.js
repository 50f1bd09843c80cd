/**
 * Leaderboards, whether one is on them, and how one's month compares.
 * @module
 */

import "../components/leader-boards.js";
import "../components/site-header.js";

import { showComparison } from "../boards/comparison.js";
import { showMembership } from "../boards/membership.js";
import { wishOf } from "../boards/wish.js";
import { byId } from "../dom.js";
import { tell } from "../forms.js";

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
