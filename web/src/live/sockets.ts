/**
 * WebSocket connections: authentication and close codes.
 * @module
 */

import { problemFrom, unreachable } from "../api/problem.ts";

/** The subprotocol. The sign-in cookie authenticates the request, because scripts cannot set headers. */
const PROTOCOL = "kinelog";

/** Timeout of an answer and of the connection, in milliseconds. */
export const TIMEOUT_MS = 10_000;

const NOT_SIGNED_IN = 4401;
const UNAUTHORIZED = 401;

const MESSAGE_TOO_LARGE = 1009;
const CONTENT_TOO_LARGE = 413;

/** Open a WebSocket; it may still be connecting. */
export function socketTo(path: string): WebSocket {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, [PROTOCOL]);
}

/** The problem that a close event means. Its reason is a code, for programs. */
export function closed({ code }: {code: number}) {
  switch (code) {
    case NOT_SIGNED_IN: return problemFrom(UNAUTHORIZED, JSON.stringify({ code: "auth.sign_in_required", title: "Sign in to continue." }), null);
    case MESSAGE_TOO_LARGE: return problemFrom(CONTENT_TOO_LARGE, JSON.stringify({ code: "recording.message_too_large", title: "The rest of the recording is too large to be sent." }), null);
    default: return unreachable();
  }
}
