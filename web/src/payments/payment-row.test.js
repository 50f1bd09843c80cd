import assert from "node:assert/strict";
import { test } from "node:test";

import "../testing/page.js";

const { paymentRow } = await import("./payment-row.ts");

test("a dispute says by which day evidence is due", () => {
  const row = paymentRow({
    paymentId: "p1", userId: "u1", status: "completed", failReason: null, amount: "19.99", currency: "EUR", gateway: "stripe", routeReason: null,
    renewal: 0, attention: "dispute", dispute: "needs_response", disputeReason: null, disputeDueAt: "2030-05-06T00:00:00Z", returnedMinor: 0,
    createdAt: "2030-05-01T00:00:00Z",
  });
  assert.match(row.textContent, /Evidence is due by [^{]*2030/);
});
