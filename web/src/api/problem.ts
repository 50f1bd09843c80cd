/**
 * Errors of the API (RFC 9457 Problem Details).
 * @module
 */

import type { Schemas } from "./client.ts";

/** Code of the problem that another user has signed in in another tab of this browser. */
export const ANOTHER_USER = "auth.another_user";

export type Texts = {title: string, detail: string | null};

/** Returns the texts of a problem in the language of the page; workers have no other than these. */
let translate: (code: string, texts: Texts) => Texts = (_, texts) => texts;

/** Returns the texts of an answer whose code has none in the language of the page. */
let translateAnswer: (code: string, texts: Texts, status: number) => Texts = (_, texts) => texts;

/** Let problems have the texts that a function returns for their codes, and answers those that another one returns for their statuses. */
export function translateProblems(byCode: typeof translate, byStatus: typeof translateAnswer) {
  translate = byCode;
  translateAnswer = byStatus;
}

/** Code of a problem that has none: the answer is not Kinelog's, for example a proxy's HTML page. */
export const NO_CODE = "unknown";

/** A request that the server refused, or that did not reach it (status 0). */
export class Problem extends Error {
  title: string;
  detail: string | null;
  code: string;
  status: number;
  reference: string | null;

  constructor({ title, detail = null, code = NO_CODE, status = 0, reference = null }: {title: string, detail?: string | null, code?: string, status?: number, reference?: string | null}) {
    const texts = translate(code, { title, detail });
    super(texts.detail ?? texts.title);
    this.title = texts.title;
    this.detail = texts.detail;
    this.code = code;
    this.status = status;
    this.reference = reference;
  }

  /** Whether the same request may have been carried out, or may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Whether a change that failed may have been carried out: its answer was lost, or the server failed. */
export const mayBeCarriedOut = (error: unknown) => error instanceof Problem && (error.status === 0 || error.status >= 500);

/** Code of the problem that there is no connection to the server. */
export const UNREACHABLE = "unreachable";

export function unreachable(): Problem {
  return new Problem({ title: "Cannot reach Kinelog.", detail: "Check your connection, or try again in a moment.", code: UNREACHABLE });
}

/** The problem that a script or another file of this page cannot be loaded when it is needed. */
export function partMissing(): Problem {
  return new Problem({ title: "Part of this page could not be loaded.", detail: "Check your connection, then reload the page. Kinelog may have been updated.", code: "page.part_missing" });
}

/** Code of the problem that a file can no longer be read. */
export const FILE_UNREADABLE = "file.unreadable";

/** The problem that a file was changed, moved or removed after it was chosen: browsers refuse to read it. */
export function fileUnreadable(): Problem {
  return new Problem({ title: "The file can no longer be read.", detail: "It was changed, moved or removed. Choose it again.", code: FILE_UNREADABLE });
}

/** The problem that another user has signed in in another tab. The page goes on once its own user has signed in again there. */
export function anotherUserProblem() {
  return new Problem({
    title: "Somebody else is signed in here now.",
    detail: "Reload this page to go on with that account, or sign in again with yours in another tab.",
    code: ANOTHER_USER,
    status: 401,
  });
}

/** Parse a problem+json body (RFC 9457); any other body becomes a problem with only the status. */
export function problemFrom(status: number, body: string, requestId: string | null) {
  let parsed: Partial<Schemas["Problem"]> = {};
  try {
    const content = JSON.parse(body);
    if (typeof content?.code === "string") parsed = content;
  } catch {
    // Not JSON: only the status is useful, as in other answers of proxies.
  }
  const texts = { title: parsed.title ?? `The server answered with status ${status}.`, detail: parsed.detail ?? parsed.message ?? null };
  return new Problem({ ...translateAnswer(parsed.code ?? NO_CODE, texts, status), code: parsed.code, status, reference: parsed.correlationId ?? requestId });
}

/** The problem of an error in an answer to a GraphQL query. */
export function graphqlProblem(message: string, { code = NO_CODE, correlationId = null }: {code?: string, correlationId?: string | null} = {}) {
  const status = code === "internal" ? 500 : 0; // the status of the answer itself is 200
  const texts = translateAnswer(code, { title: "The server could not answer this request.", detail: message }, status);
  return new Problem({ ...texts, code, reference: correlationId });
}

/** The code of a refused request; "" for other errors. */
export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "";
}
