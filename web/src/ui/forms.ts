/**
 * Form handling of the account pages: required fields, passwords, providers, tenants.
 * @module
 */

import { Problem, request, send, stayDuring } from "../api/client.ts";
import { FACTOR_PAGE, fetchInTurn, requiresFactor, requiresSignIn } from "../api/credentials.ts";
import { mayBeCarriedOut, UNREACHABLE } from "../api/problem.ts";
import { signInPage, tenant } from "../api/tenant.ts";
import { clearProblem, showProblem, type Advice } from "./banner.ts";
import { byId, h } from "./dom.ts";
import type { BodyOf } from "../api/operations.ts";
import { calendarDay } from "../i18n/format.ts";
import { LANGUAGE, t } from "../i18n/l10n.ts";

/** Pause in typing, after which the password is checked. Each check counts towards the rate limit. */
const PAUSE_MS = 600;

const MISSING: Record<string, string> = { email: t("missing-email"), password: t("missing-password") };

/** Call an authentication endpoint that needs no sign-in. @param of tenant */
export function callAuth<Path extends string>(path: Path, body: BodyOf<"POST", `/v1/auth/${Path}`>, of: string | null = tenant()) {
  return send("POST", `/v1/auth/${path}` as const, body, of ? { "X-Tenant-ID": of } : {}, fetchInTurn);
}

/** Let the links with these IDs keep the query string of this page. */
export function keepSearch(...ids: string[]) {
  for (const id of ids) byId<"a">(id).search = location.search;
}

/** Read the token after the # of a link and remove it from the URL at once. */
export function takeLinkToken() {
  // Following another link while the page is open changes only the fragment.
  addEventListener("hashchange", () => { if (location.hash.startsWith("#token=")) location.reload(); });
  const secret = new URLSearchParams(location.hash.slice(1)).get("token");
  if (secret) history.replaceState(null, "", location.pathname + location.search);
  return secret;
}

/** The tenant of a token, which is its first part. */
export function tenantOf(secret: string) {
  return secret.split(".")[0];
}

/** Advice for a page that keeps its work until the user has signed in again, or has confirmed the sign-in, in another tab; null for other problems. */
export function signInAdvice(problem: Problem): Advice | null {
  const kept = t("typed-is-kept");
  if (requiresSignIn(problem)) return { kept, advice: t("save-after-sign-in"), link: { href: signInPage(), label: t("nav-sign-in") } };
  return requiresFactor(problem) ? { kept, advice: t("confirm-other-tab"), link: { href: FACTOR_PAGE, label: t("confirm-sign-in") } } : null;
}

/** Default advice by status, when the page has no better one. */
function usualAdvice(problem: Problem): Advice {
  const { code, status } = problem;
  const signIn = signInAdvice(problem);
  if (signIn) return signIn;
  if (code === UNREACHABLE) return { kept: t("typed-is-kept"), advice: t("try-when-connected") };
  if (status === 429) return { advice: t("try-in-a-minute") };
  return status >= 500 ? { kept: t("typed-is-kept"), advice: t("try-in-a-moment") } : {};
}

/** Show an error in the banner. */
export function showError(error: unknown, advice: Advice = {}) {
  if (!(error instanceof Problem)) throw error;
  showProblem({ title: error.title, detail: error.detail, code: error.code, reference: error.status >= 500 ? error.reference : null }, { ...usualAdvice(error), ...advice });
}

/** Show why a change failed that can be repeated, and whether it may have been saved. */
export function showUnsaved(error: unknown) {
  showError(error, mayBeCarriedOut(error) ? { kept: t("change-may-be-saved"), advice: undefined } : { kept: t("change-not-saved") });
}

/** Show that the page was not loaded, and offer to load it again. */
export function offerReload(error: unknown, advice: Advice = {}) {
  showError(error, { kept: undefined, action: t("try-again"), onAction: () => location.reload(), ...advice });
}

/** Load what the page shows at first, and offer to try again if that fails. */
export function loadOrOffer(load: () => Promise<void>) {
  load().catch((error) => showError(error, { kept: undefined, action: t("try-again"), onAction: () => loadOrOffer(load) }));
}

/** Run an action when the form is submitted and complete; one submission at a time. If it requires signing in, the page stays, with what was typed. */
export function onSubmit(form: HTMLFormElement, act: () => Promise<void>, refused: (error: unknown) => void = showError) {
  const button = form.querySelector("button[type=submit]") as HTMLButtonElement;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true" || !isFilled(form)) return;
    clearProblem();
    button.setAttribute("aria-disabled", "true"); // keeps the focus, unlike `disabled`
    try {
      await stayDuring(act);
    } catch (error) {
      refused(error);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.ariaInvalid === "true" && target.validity.valid) markField(target, "");
  });
  button.disabled = false; // Before this, the browser would have submitted the form itself.
}

/** Show what is missing at each field that is not hidden, and focus the first one. */
function isFilled(form: HTMLFormElement) {
  const fields = [...form.querySelectorAll("input")].filter((field) => !field.closest("[hidden]"));
  for (const field of fields) markField(field, field.validity.valid ? "" : wrongWith(field));
  const wrong = fields.find((field) => !field.validity.valid);
  wrong?.focus();
  return !wrong;
}

function wrongWith({ type, min, max, minLength, validity, validationMessage }: HTMLInputElement) {
  if (validity.customError) return validationMessage;
  if (validity.tooShort) return t("field-too-short", { least: minLength });
  if (type === "date" && min) return t("field-day", { day: calendarDay(min, { day: "numeric", month: "short", year: "numeric" }) });
  return type === "number" ? t("field-number", { min, max }) : MISSING[type] ?? t("field-missing");
}

/** Show what is wrong below a field; "" removes it. */
export function markField(field: HTMLInputElement, words: string) {
  const id = `${field.id}-wrong`;
  document.getElementById(id)?.remove();
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  if (words) field.after(h("p", { id, class: "wrong" }, words));
  field.toggleAttribute("aria-invalid", false);
  if (words) field.setAttribute("aria-invalid", "true");
  const described = words ? [id, ...others] : others;
  if (described.length) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** Let a checkbox show the password. */
export function connectPasswordToggle(box: HTMLInputElement, field: HTMLInputElement) {
  box.addEventListener("change", () => { field.type = box.checked ? "text" : "password"; });
}

/**
 * Show how strong a password is while it is typed. The texts come from the server.
 * @param about personal data that must not be part of the password
 */
export function showStrength(field: HTMLInputElement, place: HTMLElement, about: () => {email?: string, username?: string}) {
  let timer = 0;
  const usual = place.textContent;
  const judge = async () => {
    const password = field.value;
    if (!password) return;
    try {
      const { strong, words } = await callAuth("password-strength", { password, ...about() });
      if (field.value !== password) return; // It was changed in the meantime and is checked again.
      place.textContent = strong ? t("password-strong") : LANGUAGE === "en" ? t("password-weak-because", { reason: words }) : t("password-weak");
      place.dataset.strong = strong ? "yes" : "no";
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // The server checks the password again on submit.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    place.textContent = usual;
    delete place.dataset.strong;
    timer = setTimeout(judge, PAUSE_MS);
  });
}

const NAMES: Record<string, string> = { google: "Google", apple: "Apple" };

/** Display name of a sign-in provider. */
export function providerName(id: string) {
  return NAMES[id] ?? id[0].toUpperCase() + id.slice(1);
}

/** List the configured sign-in providers, each returning to the sign-in page; return who may open an account. */
export async function offerProviders(list: HTMLElement) {
  try {
    const of = tenant();
    const { providers, join } = await request("/v1/auth/providers", of ? { headers: { "X-Tenant-ID": of } } : {}, fetchInTurn);
    const query = new URLSearchParams({ returnTo: `/sign_in.html${location.search}`, ...(of && { tenant: of }) });
    list.replaceChildren(...providers.map(({ name, signInPath }: {name: string, signInPath: string}) => h("li", null, h("a", { class: "button", href: `${signInPath}?${query}` }, t("continue-with", { provider: providerName(name) })))));
    list.hidden = providers.length === 0;
    return join;
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // Signing in by password works without them.
  }
}
