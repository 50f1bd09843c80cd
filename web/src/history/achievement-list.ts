/**
 * Achievement list element: earned achievements and the next ones.
 * @module
 */

import { earned, figureWords, listNextAchievements, mark, progressWords, title, type Achievement, type Next } from "../ui/achievements.ts";
import { focusResult, h, svg } from "../ui/dom.ts";
import { todayIn } from "../i18n/calendar.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import type { Problem } from "../api/problem.ts";

function won(achievement: Achievement) {
  const { measure, figure, earnedAt, sessionId } = achievement;
  return h("li", null, mark(achievement), h("div", null, h("b", null, title(achievement)),
    h("span", { class: "muted" }, figureWords(measure, figure)),
    h("a", { class: "back", href: `/#session=${encodeURIComponent(sessionId)}` }, h("span", { class: "visually-hidden" }, t("history-achievement-session", { achievement: title(achievement) }), " "), moment(earnedAt))));
}

function ahead(next: Next) {
  const share = Math.min(next.figure / next.least, 1);
  return h("li", null, mark(next), h("div", null, h("b", null, title(next)), h("span", { class: "muted" }, progressWords(next)),
    svg("svg", { class: "achievement-progress", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: "achievement-progress-track", width: 100, height: 8 }), svg("rect", { class: "achievement-progress-value", width: 100 * share, height: 8 }))));
}

/** `<achievement-list>`: loads itself and shows its own errors. */
export class AchievementList extends HTMLElement {
  #asking = new AbortController();
  #after: string | null = null;
  #status = h("p", { class: "muted", role: "status" });
  #won = h("ul", { class: "medals" });
  #ahead = h("ul", { class: "medals ahead" });
  #more = h("button", { class: "button", type: "button", onclick: () => void this.#grow() }, t("show-more"));
  #again = h("button", { class: "button", type: "button", onclick: () => void this.load() }, t("try-again"));

  connectedCallback() {
    this.replaceChildren(this.#status, this.#won, this.#more, this.#again, h("h3", null, t("history-next")), this.#ahead);
    void this.load();
  }

  disconnectedCallback() {
    this.#asking.abort();
  }

  /** Reload from the start. */
  async load() {
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#show(t("loading"), { busy: true });
    await this.#try(async (signal) => {
      const [page, next] = await Promise.all([earned(null, signal), listNextAchievements(todayIn(), signal)]);
      this.#won.replaceChildren(...page.items.map(won));
      this.#ahead.replaceChildren(...next.map(ahead));
      this.#after = page.after;
      this.#show(page.items.length ? "" : t("history-no-achievements"));
    });
  }

  async #grow() {
    if (this.#more.getAttribute("aria-disabled") === "true") return;
    this.#more.setAttribute("aria-disabled", "true");
    await this.#try(async (signal) => {
      const page = await earned(this.#after, signal);
      const rows = page.items.map(won);
      this.#won.append(...rows);
      this.#after = page.after;
      this.#show(t("history-achievements-shown", { count: this.#won.childElementCount }));
      focusResult(rows[0]);
    });
  }

  async #try(ask: (signal: AbortSignal) => Promise<void>) {
    const { signal } = this.#asking;
    try {
      await ask(signal);
    } catch (error) {
      if (signal.aborted) return;
      const { message, reference } = error as Problem;
      this.#show(`${t("history-achievements-not-loaded", { reason: message })}${reference ? ` ${t("reference")} ${reference}` : ""}`, { failed: true });
    }
  }

  #show(text: string, { busy = false, failed = false }: {busy?: boolean, failed?: boolean} = {}) {
    this.#status.textContent = text;
    this.setAttribute("aria-busy", String(busy));
    this.#again.hidden = !failed;
    this.#more.hidden = failed || busy || this.#after === null;
    this.#more.removeAttribute("aria-disabled");
    this.#won.hidden = this.#won.childElementCount === 0;
    this.#ahead.hidden = this.#ahead.childElementCount === 0;
  }
}

customElements.define("achievement-list", AchievementList);

declare global {
  interface HTMLElementTagNameMap { "achievement-list": AchievementList }
}
