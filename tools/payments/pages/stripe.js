/**
 * Stand-in for Stripe's script in test mode: the calls that our checkout uses, with a card form and 3-D Secure in
 * frames of the simulator's origin. Addresses come from the address of this script.
 */
"use strict";

(() => {
  const ORIGIN = new URL(document.currentScript.src).origin;

  /** Show a page of the simulator, and call back with each message from it. */
  function frame(path, title, height, onMessage) {
    const element = document.createElement("iframe");
    element.src = ORIGIN + path;
    element.title = title;
    element.height = String(height);
    addEventListener("message", (event) => { if (event.source === element.contentWindow && event.origin === ORIGIN) onMessage(event.data); });
    return element;
  }

  /** Send the card form the secret; it answers with the state of the payment. */
  async function pay(card, clientSecret) {
    await card.isReady;
    return new Promise((resolve) => {
      card.answered = resolve;
      card.element.contentWindow.postMessage({ pay: clientSecret }, ORIGIN);
    });
  }

  /** Show the page of the bank in a dialog until it is answered. */
  function authenticate(clientSecret) {
    return new Promise((resolve) => {
      const dialog = document.createElement("dialog");
      dialog.setAttribute("aria-label", "Your bank");
      const close = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
      const page = frame("/3ds", "3-D Secure of the test bank", 300, (message) => {
        if (message === "ready") page.contentWindow.postMessage({ authenticate: clientSecret }, ORIGIN);
        else close(message);
      });
      dialog.addEventListener("cancel", () => close({ status: null, error: { code: "payment_intent_authentication_failure" } }));
      page.style.border = dialog.style.border = "0";
      dialog.style.borderRadius = "16px";
      dialog.append(page);
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  globalThis.Stripe = () => ({
    elements: ({ clientSecret }) => {
      const card = { element: null, isReady: null, answered: null, clientSecret };
      return {
        card,
        create: () => ({
          mount: (place) => {
            card.isReady = new Promise((resolve) => {
              card.element = frame("/card", "Card", 230, (message) => (message === "ready" ? resolve() : card.answered?.(message)));
            });
            (typeof place === "string" ? document.querySelector(place) : place).append(card.element);
          },
        }),
      };
    },
    confirmPayment: async ({ elements: { card } }) => {
      let answer = await pay(card, card.clientSecret);
      if (answer.status === "requires_action") answer = await authenticate(card.clientSecret);
      return answer.error ? { error: answer.error } : { paymentIntent: { status: answer.status } };
    },
    confirmSetup: async ({ elements: { card } }) => {
      const answer = await pay(card, card.clientSecret);
      return answer.error ? { error: answer.error } : { setupIntent: { status: answer.status } };
    },
  });
})();
