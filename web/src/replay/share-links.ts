/**
 * Share links dialog: create, list, copy and revoke.
 * @module
 */

import { Problem, request, send } from "../api/client.ts";
import { byId, h, uniqueKey } from "../ui/dom.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { isCopied } from "../ui/clipboard.ts";
import { onSubmit } from "../ui/forms.ts";
import { once } from "../ui/questions.ts";

type ShareLink = {id: string, url: string | null, createdAt: string, expiresAt: string, revokedAt: string | null, state: "active" | "expired" | "revoked"};

const STATE_WORDS = { active: t("replay-link-active"), expired: t("replay-link-expired"), revoked: t("replay-link-revoked") };

/** Dialog with the share links of one recording. */
export class Sharing {
  #path;
  #dialog = byId<"dialog">("sharing");
  #status = byId("sharing-status");
  /** Idempotency key, so that a repeated request creates one link. */
  #key = uniqueKey();

  constructor(recording: string) {
    this.#path = `/v1/recordings/${encodeURIComponent(recording)}/share-links` as const;
    onSubmit(byId<"form">("sharing-form"), () => this.#try(() => this.#create()));
    byId("sharing-for").addEventListener("change", () => { this.#key = uniqueKey(); }); // a key belongs to one request
    byId("sharing-close").addEventListener("click", () => this.#dialog.close());
  }

  open() {
    this.#say("");
    this.#dialog.showModal();
    void this.#try(() => this.#list());
  }

  async #create() {
    const expiresInS = Number(byId<"select">("sharing-for").value);
    const link = await send("POST", this.#path, { expiresInS }, { "Idempotency-Key": this.#key });
    await this.#list();
    byId("sharing-links").querySelector<HTMLElement>(`#link-${CSS.escape(link.id)}`)?.focus(); // a second press of Enter creates no other link
    if (link.url) await this.#copy(link.url);
  }

  async #revoke(id: string) {
    await request(`${this.#path}/${encodeURIComponent(id)}`, { method: "DELETE" });
    await this.#list();
    this.#say(t("replay-revoked"));
    byId("sharing-close").focus(); // the focused button is gone
  }

  async #list() {
    const { items } = await request(this.#path);
    this.#key = uniqueKey(); // not before a new link is listed: until then, the user may ask for it again
    byId("sharing-links").replaceChildren(...items.map((link: ShareLink) => this.#row(link)));
    byId("sharing-none").hidden = items.length > 0;
  }

  #row(link: ShareLink) {
    const when = link.revokedAt ?? link.expiresAt;
    const { url } = link;
    const created = moment(link.createdAt).textContent;
    const revoke = h("button", { class: "button", type: "button", "aria-label": t("replay-revoke-of", { created }), onclick: () => void once(revoke, () => this.#try(() => this.#revoke(link.id))) }, t("replay-revoke"));
    return h("li", { class: "share-link", "data-state": link.state },
      h("p", null, h("b", null, STATE_WORDS[link.state], " ", moment(when)), h("span", { class: "muted" }, ` · ${t("replay-link-created")} `, moment(link.createdAt))),
      url && h("input", { id: `link-${link.id}`, class: "share-url", type: "text", readonly: true, "aria-label": t("replay-link-of", { created }), value: new URL(url, location.href).href, onfocus: ({ target }: Event) => (target as HTMLInputElement).select() }),
      url && h("div", { class: "choices" },
        h("button", { class: "button", type: "button", "aria-label": t("replay-copy-of", { created }), onclick: () => void this.#copy(url) }, t("athletes-copy")),
        revoke));
  }

  async #copy(url: string) {
    this.#say(await isCopied(new URL(url, location.href).href) ? t("replay-link-copied") : t("replay-copy-from-field"));
  }

  /** Run an action and show its problem in the dialog. */
  async #try(act: () => Promise<void>) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { title, detail, reference } = error;
      this.#say([title, detail !== title && detail, reference && `${t("reference")} ${reference}`].filter(Boolean).join(" "));
    }
  }

  #say(text: string) {
    this.#status.textContent = text;
  }
}
