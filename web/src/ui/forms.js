/**
 * What the forms of people have in common: fields that say what is missing, passwords, tenants.
 * @module
 */

import { Problem, request, send } from "../api/client.js";
import { clearProblem, showProblem } from "./banner.js";
import { byId, h } from "./dom.js";

/** A pause in typing after which a password is judged; each judgement is one of a minute's requests. */
const PAUSE_MS = 600;

const MISSING = { email: "Enter an e-mail address, such as ada@example.org.", password: "Enter a password." };

/** The organisation that the address names, if any; links to the other pages keep it. */
export function tenant() {
  return new URLSearchParams(location.search).get("tenant");
}

/** Ask a door for those who have not signed in. @param {string} path @param {object} body @param {string | null} [of] tenant */
export function knock(path, body, of = tenant()) {
  return send("POST", `/v1/auth/${path}`, body, of ? { "X-Tenant-ID": of } : {}, fetch);
}

/** Let links to other pages keep what the address of this one says. @param {...string} ids */
export function keepAddress(...ids) {
  for (const id of ids) byId(id).search = location.search;
}

/** The secret behind the # of a link, which is taken out of the address at once. */
export function secretOfLink() {
  // Another link that is followed while the page is open changes what is behind the # and no more.
  addEventListener("hashchange", () => { if (location.hash.startsWith("#token=")) location.reload(); });
  const secret = new URLSearchParams(location.hash.slice(1)).get("token");
  if (secret) history.replaceState(null, "", location.pathname + location.search);
  return secret;
}

/** The tenant that a secret belongs to. @param {string} secret */
export function tenantOf(secret) {
  return secret.slice(0, secret.indexOf("."));
}

/** What can be done about a refusal, where its page knows nothing better. @param {number} status @returns {import("./banner.js").Advice} */
function usualAdvice(status) {
  if (status === 0) return { kept: "What you typed is still here.", advice: "Try again when you are connected." };
  if (status === 429) return { advice: "Wait a minute, then try again." };
  return status >= 500 ? { kept: "What you typed is still here.", advice: "Try again in a moment." } : {};
}

/** Show what is told of a refusal. @param {unknown} error @param {import("./banner.js").Advice} [advice] */
export function tell(error, advice = {}) {
  if (!(error instanceof Problem)) throw error;
  showProblem({ title: error.title, detail: error.detail, reference: error.status >= 500 ? error.reference : null }, { ...usualAdvice(error.status), ...advice });
}

/**
 * Let a form do something, once at a time, when all its fields are filled in.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} act
 * @param {(error: unknown) => void} [refused]
 */
export function onSubmit(form, act, refused = tell) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true" || !isFilled(form)) return;
    clearProblem();
    button.setAttribute("aria-disabled", "true"); // and keeps the focus
    try {
      await act();
    } catch (error) {
      refused(error);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.ariaInvalid === "true" && target.validity.valid) mark(target, "");
  });
  button.disabled = false; // Until now, the browser would have sent the form by itself.
}

/** Say at each field what is missing, and go to the first. @param {HTMLFormElement} form */
function isFilled(form) {
  const fields = [...form.querySelectorAll("input")];
  for (const field of fields) mark(field, field.validity.valid ? "" : wrongWith(field));
  const wrong = fields.find((field) => !field.validity.valid);
  wrong?.focus();
  return !wrong;
}

/** @param {HTMLInputElement} field */
function wrongWith({ type, min, max }) {
  return type === "number" ? `Enter a number from ${min} to ${max}.` : MISSING[type] ?? "This is missing.";
}

/** Say what is wrong with a field, below it; "" is nothing. @param {HTMLInputElement} field @param {string} words */
export function mark(field, words) {
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

/** Let a box show a password. @param {HTMLInputElement} box @param {HTMLInputElement} field */
export function showable(box, field) {
  box.addEventListener("change", () => { field.type = box.checked ? "text" : "password"; });
}

/**
 * Tell how good a password is while it is typed; the words are the server's.
 * @param {HTMLInputElement} field
 * @param {HTMLElement} place
 * @param {() => {email?: string, username?: string}} about what whoever guesses would know
 */
export function judged(field, place, about) {
  let timer = 0;
  const usual = place.textContent;
  const judge = async () => {
    const password = field.value;
    if (!password) return;
    try {
      const { strong, words } = await knock("password-strength", { password, ...about() });
      if (field.value !== password) return; // It was changed meanwhile, and is judged anew.
      place.textContent = `${strong ? "Strong" : "Too weak"}. ${words}`;
      place.dataset.strong = strong ? "yes" : "no";
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // The form itself is judged when it is sent.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    place.textContent = usual;
    delete place.dataset.strong;
    timer = setTimeout(judge, PAUSE_MS);
  });
}

const NAMES = { google: "Google", apple: "Apple" };

/** The name of a provider as people know it. @param {string} id */
export function providerName(id) {
  return NAMES[id] ?? id[0].toUpperCase() + id.slice(1);
}

/** Offer the providers that are set up here; each leads back to the sign-in page. @param {HTMLElement} list */
export async function offerProviders(list) {
  try {
    const { providers } = await request("/v1/auth/providers");
    const query = new URLSearchParams({ returnTo: `/sign_in.html${location.search}`, ...(tenant() && { tenant: tenant() }) });
    list.replaceChildren(...providers.map(({ name, signInPath }) => h("li", null, h("a", { class: "button", href: `${signInPath}?${query}` }, `Go on with ${providerName(name)}`))));
    list.hidden = providers.length === 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // The way by password is there without them.
  }
}
