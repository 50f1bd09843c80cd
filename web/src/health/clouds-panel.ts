/**
 * Linked clouds of the health page: which are set up, their state, linking and unlinking.
 * @module
 */

import { answer, Problem, request, send, type Schemas } from "../api/client.ts";
import { CONSENT_MISSING, healthConsent } from "../coach/camera-consent.ts";
import { day, moment } from "../i18n/format.ts";
import { t } from "../i18n/l10n.ts";
import { clearBanner, showHint, showProblem } from "../ui/banner.ts";
import { announce, byId, h, uniqueKey } from "../ui/dom.ts";
import { showError } from "../ui/forms.ts";
import { byInterest, healthPanel, metricName, sourceName } from "./figures.ts";
import { workoutWrites } from "./workout-writes.ts";
import type { Panel } from "../ui/panel.ts";

type Cloud = Schemas["HealthIntegration"];

/** Parameter of the address in which the result of linking comes back. */
const RESULT = "healthLink";

/** Explanations by problem code. */
const PROBLEMS: Record<string, string> = {
  "health.link_cancelled": t("health-cloud-cancelled"),
  "health.link_refused": t("health-cloud-refused"),
  "health.cloud_unavailable": t("health-cloud-unavailable"),
  "health.cloud_forbidden": t("health-cloud-not-shared"),
  "auth.sign_in_ended": t("health-cloud-sign-in-ended"),
  "consent.missing": t("health-cloud-no-consent"),
};

const path = (source: string) => `/v1/health/integrations/${encodeURIComponent(source)}` as const;

/** Show the result of linking a cloud, which the URL has after the return from it, and remove it from the URL. */
export function showLinkResult() {
  const words = new URLSearchParams(location.search);
  const result = words.get(RESULT);
  if (!result) return;
  words.delete(RESULT);
  history.replaceState(null, "", `${location.pathname}${words.size ? `?${words}` : ""}`);
  if (result === "linked") showHint(t("health-cloud-now-linked"));
  else showProblem({ title: t("health-cloud-problem"), detail: PROBLEMS[result] ?? t("health-cloud-not-confirmed") }, { advice: t("health-cloud-retry") });
}

/** The panel #clouds, which is hidden if no cloud is set up. */
export class CloudsPanel {
  panel: Panel;
  onUnlinked: () => void;

  constructor(onUnlinked: () => void) {
    this.panel = healthPanel(byId("clouds-body"));
    this.onUnlinked = onUnlinked;
  }

  show() {
    return this.panel.fill(() => request("/v1/health/integrations"), ({ items }) => this.draw(items));
  }

  draw(clouds: Cloud[]) {
    byId("clouds").hidden = clouds.length === 0;
    return [h("p", { class: "hint" }, t("health-clouds-how")), h("ul", { class: "health-goals health-clouds" }, clouds.map((cloud) => this.line(cloud)))];
  }

  line(cloud: Cloud) {
    const { source, state, scopes } = cloud;
    const isNew = state === "not_linked";
    const isLinked = state === "linked" || state === "failed";
    const metrics = scopes.filter(({ granted }) => granted || !isLinked).flatMap((scope) => scope.metrics);
    const shown = [...new Set(metrics)].toSorted(byInterest).map(metricName).join(", ");
    const button = (name: string, act: (button: HTMLButtonElement) => Promise<void>) =>
      h("button", { class: "button", type: "button", onclick: ({ currentTarget }: {currentTarget: HTMLButtonElement}) => void this.run(currentTarget, act) }, name);
    const key = uniqueKey();
    const named = { cloud: sourceName(source) };
    return h("li", { id: `cloud-${source}` },
      h("div", null, h("b", null, sourceName(source)), stateOf(cloud), shown && h("p", { class: "muted" }, t("health-cloud-gives", { metrics: shown })), workoutWrites(cloud.workouts)),
      h("div", { class: "choices" },
        state !== "linked" && button(t(isNew ? "health-cloud-link" : "health-cloud-link-again", named), () => this.link(source)),
        isLinked && button(t("health-cloud-unlink", named), () => this.unlink(source, key))));
  }

  /** Run what a button does, once at a time. */
  async run(button: HTMLButtonElement, act: (button: HTMLButtonElement) => Promise<void>) {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
    clearBanner();
    try {
      await act(button);
    } catch (error) {
      showError(error);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  /** Go to the page of the cloud; ask for the consent before if it is missing. */
  async link(source: string) {
    try {
      location.assign((await send("POST", `${path(source)}/link`)).location);
    } catch (error) {
      if (!(error instanceof Problem && error.code === CONSENT_MISSING)) throw error;
      const words = { title: t("health-cloud-consent"), hint: t("health-cloud-consent-hint") };
      if (await healthConsent(words)) location.assign((await send("POST", `${path(source)}/link`)).location);
    }
  }

  /** @param key idempotency key of the row, so that a retry after a lost answer is accepted */
  async unlink(source: string, key: string) {
    await answer(path(source), { method: "DELETE", headers: { "Idempotency-Key": key } });
    this.onUnlinked();
    byId("clouds-title").focus(); // the focused button goes
    announce(t("health-cloud-unlinked", { cloud: sourceName(source) }));
  }
}

function stateOf({ state, linkedAt, lastSyncAt, forbidden, refused }: Cloud) {
  if (state === "not_linked") return h("p", { class: "muted" }, t("health-cloud-not-linked"));
  const warning = { needs_consent: t("health-cloud-needs-consent"), failed: t("health-cloud-failed"), linked: "" }[state];
  return [
    warning && h("p", { class: "wrong" }, warning),
    forbidden.length > 0 && h("p", { class: "wrong" }, t("health-cloud-forbidden", { metrics: forbidden.toSorted(byInterest).map(metricName).join(", ") })),
    refused > 0 && h("p", { class: "muted" }, t("health-cloud-records-refused", { count: refused })),
    state !== "needs_consent" && linkedAt && h("p", { class: "muted" }, t("health-cloud-linked", { day: day(linkedAt) })),
    h("p", { class: "muted" }, lastSyncAt ? [t("health-last-sync"), " ", moment(lastSyncAt)] : state === "linked" && t("health-cloud-first-sync")),
  ];
}
