// Another payment method: a setup is remembered while the browser may be away, and no longer (R-PAY-11).
import assert from "node:assert/strict";
import test from "node:test";

import { elements, requests, serve, settled, storage } from "../testing/page.js";

const { changeMethod } = await import("./method.ts");

const KEY = "kinelog.method.s-1";
const SETUP = { gateway: "stripe", reference: "seti_1", kind: "client_secret", clientSecret: "seti_1_secret", publishableKey: "pk" };

/** Answer as the server does, and `stored` to the question whether the gateway has the method. */
function subscription(stored) {
  serve(({ method, path }) => {
    if (path.endsWith("/client-settings")) return [200, { stripeScriptUrl: "https://stripe.example/v3/" }];
    if (path.endsWith("/method-setup")) return [200, SETUP];
    if (method === "POST") return stored;
    return [200, { planId: "p-1", offered: { title: "Plan" }, draft: null }];
  });
}

/** Stripe's script, whose confirmation has a result, or none if the browser leaves. */
function stripe(confirm) {
  document.head = {
    append(script) {
      globalThis.Stripe = () => ({ elements: () => ({ create: () => ({ mount() {} }) }), confirmSetup: (...all) => confirm(...all) });
      script.fire("load");
    },
  };
}

/** Open the page, and return the action of its button. */
async function open() {
  let press;
  await changeMethod("s-1", (_, act) => { press = act; });
  return press;
}

test("a method of Stripe that redirects is finished when the user is back", async () => {
  let confirm = () => new Promise(() => {});
  stripe((...all) => confirm(...all));
  subscription([200, { position: 1 }]);
  void (await open())();
  await settled();
  assert.equal(storage.getItem(KEY), "seti_1");
  await open();
  assert.deepEqual(requests.at(-1).body, { reference: "seti_1" });
  assert.equal(elements["outcome-title"] !== null && elements.outcome.hidden, false);
  assert.equal(storage.getItem(KEY), null);

  confirm = async () => ({ error: { code: "card_declined" } });
  await (await open())();
  assert.equal(storage.getItem(KEY), null, "a declined method is not asked about");
  assert.match(elements.declined.textContent, /declined/);
});

for (const [name, answer, isTemporary] of [
  ["refused for good", [404, { status: 404, code: "payment.setup_unknown", title: "Begin again." }], false],
  ["not answered by the gateway", [503, { status: 503, code: "payment.gateway_silent", title: "Later." }], true],
  ["not sent for lack of a connection", null, true],
]) {
  test(`a setup that is ${name} is ${isTemporary ? "asked about again" : "forgotten"}`, async () => {
    storage.setItem(KEY, "seti_0");
    subscription(answer);
    await assert.rejects(open());
    assert.equal(storage.getItem(KEY), isTemporary ? "seti_0" : null);
    storage.removeItem(KEY);
  });
}
