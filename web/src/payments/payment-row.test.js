import assert from "node:assert/strict";
import { test } from "node:test";

import "../testing/page.js";

const { paymentRow } = await import("./payment-row.ts");

const PAYMENT = {
  paymentId: "p1", userId: "u1", status: "refunded", failReason: null, amount: "19.99", amountMinor: 1999, currency: "EUR", gateway: "stripe",
  routeReason: null, renewal: 0, dispute: null, disputeReason: null, disputeDueAt: null, refundableMinor: 0, returnedMinor: 1999,
  createdAt: "2030-05-01T00:00:00Z",
};

test("a failed refund says what is owed, until it is repaid", () => {
  const row = paymentRow({ ...PAYMENT, attention: "refund_failed", owedMinor: 500 });
  assert.match(row.textContent, /5\.00[^{]* still owed to the user/);
  assert.match(row.textContent, /A refund failed at the bank of the user/);
  assert.match(row.textContent, /Record that you have returned it/);
  const repaid = paymentRow({ ...PAYMENT, attention: null, owedMinor: 0 });
  assert.doesNotMatch(repaid.textContent, /owed|failed|Record/);
});

test("a dispute says by which day evidence is due", () => {
  const row = paymentRow({
    paymentId: "p1", userId: "u1", status: "completed", failReason: null, amount: "19.99", currency: "EUR", gateway: "stripe", routeReason: null,
    renewal: 0, attention: "dispute", dispute: "needs_response", disputeReason: null, disputeDueAt: "2030-05-06T00:00:00Z", returnedMinor: 0,
    createdAt: "2030-05-01T00:00:00Z",
  });
  assert.match(row.textContent, /Evidence is due by [^{]*2030/);
});
