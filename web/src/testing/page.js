// A page without a browser: the elements and the storage that scripts use, and the answers of a server.

class Element extends EventTarget {
  children = [];
  attributes = {};
  value = "";
  hidden = false;
  #text = "";

  constructor(tag) {
    super();
    this.tag = tag;
  }

  get textContent() {
    return this.#text + this.children.map((each) => (typeof each === "object" ? each.textContent : String(each))).join("");
  }

  set textContent(text) {
    this.children = [];
    this.#text = text;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
    if (name === "checked") this.checked = true;
    if (name === "hidden") this.hidden = true;
  }

  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.#text = "";
    this.children = children;
  }

  insertBefore(child, next) {
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, child);
  }

  contains(element) {
    return this === element || this.children.some((each) => typeof each === "object" && each.contains(element));
  }

  /** Elements below this one with a tag. */
  all(tag) {
    return this.children.flatMap((each) => (typeof each === "object" ? [...(each.tag === tag ? [each] : []), ...each.all(tag)] : []));
  }

  fire(type) {
    this.dispatchEvent(new Event(type, { cancelable: true }));
  }

  focus() {}

  scrollIntoView() {}
}

/** Elements of the page by ID, created when they are first needed. @type {Record<string, any>} */
export const elements = new Proxy({}, { get: (target, id) => (target[id] ??= new Element("div")) });

const values = new Map();
export const storage = {
  getItem: (name) => values.get(name) ?? null,
  setItem: (name, value) => void values.set(name, String(value)),
  removeItem: (name) => void values.delete(name),
};

globalThis.document = { getElementById: (id) => elements[id], createElement: (tag) => new Element(tag), createElementNS: (_, tag) => new Element(tag) };
globalThis.sessionStorage = storage;
globalThis.localStorage = { getItem: () => null, setItem() {}, removeItem() {} };
globalThis.location = { search: "", pathname: "/", href: "http://localhost/", assign() {} };

/** Requests that were sent: method, path, body and key. */
export const requests = [];

/** Answer requests. @param {(request: {method: string, path: string, body: any, key: string | null}) => [number, object] | null} answer null if the connection is lost */
export function serve(answer) {
  requests.length = 0;
  globalThis.fetch = async (path, { method = "GET", body, headers } = {}) => {
    const request = { method, path: String(path), body: body ? JSON.parse(body) : null, key: new Headers(headers).get("Idempotency-Key") };
    requests.push(request);
    const result = answer(request);
    if (result === null) throw new TypeError("unreachable");
    return Response.json(result[1], { status: result[0] });
  };
}

/** Wait until everything that has begun is done. */
export async function settled() {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => { setImmediate(resolve); });
}
