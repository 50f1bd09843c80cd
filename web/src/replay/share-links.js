/**
 * Links to a recording for others: made with an end, listed, taken back.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { byId, h, uniqueKey } from "../ui/dom.js";
import { moment } from "../i18n/format.js";

/** @typedef {{id: string, url: string | null, createdAt: string, expiresAt: string, revokedAt: string | null, state: "active" | "expired" | "revoked"}} ShareLink */

const STATE_WORDS = { active: "Open until ", expired: "Ended ", revoked: "Taken back " };

/** The dialog of one recording's links. */
export class Sharing {
  #path;
  #dialog = byId("sharing");
  #told = byId("sharing-told");
  /** So that a link that was asked for twice is made once. */
  #key = uniqueKey();

  /** @param {string} recording */
  constructor(recording) {
    this.#path = `/v1/recordings/${encodeURIComponent(recording)}/share-links`;
    byId("sharing-form").addEventListener("submit", (event) => { event.preventDefault(); void this.#try(() => this.#create()); });
    byId("sharing-for").addEventListener("change", () => { this.#key = uniqueKey(); }); // a key belongs to one wish
    byId("sharing-close").addEventListener("click", () => this.#dialog.close());
  }

  open() {
    this.#say("");
    this.#dialog.showModal();
    void this.#try(() => this.#list());
  }

  async #create() {
    const expiresInS = Number(byId("sharing-for").value);
    const link = await send("POST", this.#path, { expiresInS }, { "Idempotency-Key": this.#key });
    this.#key = uniqueKey();
    await this.#list();
    await this.#copy(link.url);
  }

  /** @param {string} id */
  async #revoke(id) {
    await request(`${this.#path}/${encodeURIComponent(id)}`, { method: "DELETE" });
    await this.#list();
    this.#say("The link is taken back: it opens nothing any more.");
    byId("sharing-close").focus(); // the button that had the focus is gone
  }

  async #list() {
    const { items } = await request(this.#path);
    byId("sharing-links").replaceChildren(...items.map((/** @type {ShareLink} */ link) => this.#row(link)));
    byId("sharing-none").hidden = items.length > 0;
  }

  /** @param {ShareLink} link */
  #row(link) {
    const when = link.revokedAt ?? link.expiresAt;
    const { url } = link;
    const made = moment(link.createdAt).textContent;
    return h("li", { class: "share-link", "data-state": link.state },
      h("p", null, h("b", null, STATE_WORDS[link.state], moment(when)), h("span", { class: "muted" }, " · made ", moment(link.createdAt))),
      url && h("input", { class: "share-url", type: "text", readonly: true, "aria-label": `Link made ${made}`, value: new URL(url, location.href).href, onfocus: (event) => event.target.select() }),
      url && h("div", { class: "choices" },
        h("button", { class: "button", type: "button", "aria-label": `Copy the link made ${made}`, onclick: () => void this.#copy(url) }, "Copy"),
        h("button", { class: "button", type: "button", "aria-label": `Take back the link made ${made}`, onclick: () => void this.#try(() => this.#revoke(link.id)) }, "Take back")));
  }

  /** @param {string} url */
  async #copy(url) {
    this.#say(await copied(new URL(url, location.href).href) ? "The link is copied. Whoever has it can see this recording." : "Copy the link from the field.");
  }

  /** Do it, or say why it could not be done. @param {() => Promise<void>} act */
  async #try(act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { title, detail, reference } = error;
      this.#say([title, detail !== title && detail, reference && `Reference: ${reference}`].filter(Boolean).join(" "));
    }
  }

  /** @param {string} text */
  #say(text) {
    this.#told.textContent = text;
  }
}

/** Put a text where it can be pasted from. @param {string} text @returns {Promise<boolean>} false where the browser does not let */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no clipboard without https, or it was refused: the reader copies by hand
  }
}
