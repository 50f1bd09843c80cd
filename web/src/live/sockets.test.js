// Close codes of WebSockets as problems.
import assert from "node:assert/strict";
import test from "node:test";

import { closed } from "./sockets.ts";

test("R-UIX-06: a connection that requires signing in says so in words, not by the code of the close event", () => {
  for (const reason of ["auth.sign_in_required", "auth.token_refused", ""]) {
    const { title, code, status } = closed({ code: 4401, reason });
    assert.deepEqual([title, code, status], ["Sign in to continue.", "auth.sign_in_required", 401]);
  }
});
