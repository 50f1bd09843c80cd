/**
 * DOM helpers. Elements are built from data; data is never parsed as markup.
 * @module
 */

/** A child of an element; lists can contain lists. */
export type Child = Node | string | number | null | undefined | false | Child[];

const SVG = "http://www.w3.org/2000/svg";

/**
 * Create an HTML element. `on…` properties become listeners; all others are set as attributes,
 * unless they are null, undefined or false.
 * @param children nodes, texts, numbers, null, undefined or false, or lists of them
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties?: Record<string, unknown> | null, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  return furnish(document.createElement(tag), properties, children);
}

/**
 * Create an SVG element, like `h`.
 * @param children nodes, texts, numbers, null, undefined or false, or lists of them
 */
export function svg<Tag extends keyof SVGElementTagNameMap>(tag: Tag, properties?: Record<string, unknown> | null, ...children: Child[]): SVGElementTagNameMap[Tag] {
  return furnish(document.createElementNS(SVG, tag), properties, children);
}

function furnish<Created extends Element>(element: Created, properties: Record<string, unknown> | null | undefined, children: Child[]): Created {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

function append(element: Element, children: Child[]) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
  }
}

/** Whether a part of a list is there: parts that are null, undefined, false or "" are left out. */
export function isPresent<Part>(part: Part | null | undefined | false | ""): part is Part {
  return Boolean(part);
}

/** Get the pen of a canvas; throws if the browser has no memory for it. */
export function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("The canvas has no 2D context.");
  return pen;
}

/** Get an element by ID, in the type of the tag that the page gives it; throws if the page does not have it. */
export function byId(id: string): HTMLElement;
export function byId<Tag extends keyof HTMLElementTagNameMap>(id: string): HTMLElementTagNameMap[Tag];
export function byId(id: string) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}.`);
  return element;
}

/** Set a text only if it changes, so that screen readers announce it once. */
export function write(id: string, text: string) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/** Get the label or the field around a control; throws if it has none. */
export function fieldOf(id: string): HTMLElement {
  const field = byId(id).closest<HTMLElement>("label, .field");
  if (!field) throw new Error(`#${id} has no label around it.`);
  return field;
}

/** Listen for an event of one of our classes; the listener gets the detail of the event. */
export function onDetail<Detail>(element: EventTarget, name: string, act: (detail: Detail) => void) {
  element.addEventListener(name, (event) => act((event as CustomEvent<Detail>).detail));
}

/** Announce a change to screen readers without moving the focus. */
export function announce(text: string) {
  byId("status").textContent = text;
}

/**
 * Focus what a button added or changed, such as the first new row of a list: the button may be gone.
 * The element itself gets the focus, not its link, which a second press of Enter would follow.
 */
export function focusResult(element: HTMLElement | null | undefined) {
  element?.setAttribute("tabindex", "-1");
  element?.focus();
}

/** Draw a part of the page again. The control in it that has the focus gets it back if it was moved, or passes it on to the one with the same name. */
export function redraw(part: HTMLElement, draw: () => void) {
  const focused = part.contains(document.activeElement) ? document.activeElement as HTMLElement : null;
  draw();
  if (!focused || focused.isConnected) { focused?.focus({ preventScroll: true }); return; }
  const name = (control: Element) => control.getAttribute("aria-label") ?? control.textContent;
  [...part.querySelectorAll<HTMLElement>("a, button")].find((each) => name(each) === name(focused))?.focus();
}

/** Icons by name: the path in a square of 24. */
export const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  back: "M17 5 8 12l9 7zM6 5v14",
  forward: "M7 5l9 7-9 7zM18 5v14",
  skeleton: "M12 7v7m0-5-6 3m6-3 6 3m-6 2-4 7m4-7 4 7M12 3.5a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5z",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  muted: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5m0-5-5 5",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  loop: "M4 12a6 6 0 0 1 6-6h7m-3-3 3 3-3 3M20 12a6 6 0 0 1-6 6H7m3 3-3-3 3-3",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4.2 4.2 0 0 0 6 6l1-1",
  image: "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  up: "M12 19V5m-6 6 6-6 6 6",
  down: "M12 5v14m-6-6 6 6 6-6",
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  calendar: "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM8 3v5m8-5v5M4 11h16m-12 5 2.5 2.5L15.5 14",
  chart: "M5 20v-8m7 8V4m7 16v-5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 8a7 7 0 0 1 14 0",
  alert: "M12 3 2.5 20h19zM12 10v4.5m0 3v.01",
};

/** Create an icon; the text beside it has the same meaning. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("path", { d: PATHS[name] }));
}

/** Generate a random UUID. Works on plain HTTP too, unlike `crypto.randomUUID`; not for secrets. */
export function uniqueKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
