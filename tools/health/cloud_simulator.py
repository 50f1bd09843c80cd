"""OAuth server of the simulated health clouds: PKCE, tokens that end and rotate, quotas, webhooks.

One account has all records. The caller changes, deletes and adds them, lets quotas run out, and
decides whether a webhook arrives.
"""

import base64
import hashlib
import secrets
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

from tools.payments.simulator import Call, Reply, Simulator

QUOTA_S: Final = 3600
"""Seconds after which a quota that ran out is renewed, as its answers say."""


@dataclass
class Code:
    """A code of the authorization page, which is good for one exchange."""

    challenge: str
    redirect_uri: str
    scopes: tuple[str, ...]
    tokens: "Tokens | None" = None


@dataclass
class Tokens:
    """Tokens of one consent. Earlier refresh tokens end with their use."""

    scopes: tuple[str, ...]
    access: str
    refresh: str
    ends_at: datetime
    old: set[str] = field(default_factory=set[str])


@dataclass
class CloudSimulator(Simulator):
    """A health cloud with one account.

    `lifetime` is that of access tokens. `calls_left`: calls until the quota is used up; None for no
    end. `errors_inside`: the next answers that are 200 with an error in their body.
    """

    client_id: str = "kinelog"
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lifetime: timedelta = timedelta(hours=1)
    page_size: int = 3
    calls_left: int | None = None
    errors_inside: int = 0
    codes: dict[str, Code] = field(default_factory=dict[str, Code])
    consents: list[Tokens] = field(default_factory=list["Tokens"])
    calls: list[str] = field(default_factory=list[str])

    name = "A health cloud"
    authorize_path = "/authorize"
    token_path = "/token"  # noqa: S105  a path
    separator = " "

    @abstractmethod
    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        """Answer a call with a valid access token."""

    @abstractmethod
    def end_tokens(self, call: Call) -> Reply | None:
        """Revoke tokens, or return None if the call is another one."""

    def answers_code(self) -> Mapping[str, Any]:
        """Return what the answer to a code has besides tokens."""
        return {}

    def refusal(self, name: str) -> Reply:
        """Refuse a call for tokens because of a field: a code or a refresh token."""
        del name
        return Reply.of(400, {"error": "invalid_grant"})

    def token_form(self, call: Call) -> Mapping[str, str]:
        """Return the fields of a call for tokens, with the client's id and secret."""
        return call.form()

    def show(self, call: Call) -> Reply | None:
        """Show the page on which the person agrees, and redirect."""
        if call.path != self.authorize_path:
            return None
        query = call.query
        if call.method == "GET":
            return _page(self.name, query)
        form = call.form()
        if form.get("choice") != "agree":
            return _back(query, {"error": "access_denied"})
        scopes = tuple(query["scope"].split(self.separator))
        if kept := form.get("scopes"):
            scopes = tuple(kept.split())
        code = secrets.token_urlsafe(16)
        self.codes[code] = Code(query["code_challenge"], query["redirect_uri"], scopes)
        return _back(query, {"code": code, "scope": self.separator.join(scopes)})

    def answer(self, call: Call) -> Reply:
        """Answer a call of the OAuth server or of the API."""
        self.calls.append(call.path)
        ended = self.end_tokens(call)
        if ended is not None:
            return ended
        if call.path == self.token_path:
            return self._tokens(self.token_form(call))
        tokens = self._bearer(call)
        if tokens is None:
            return Reply.of(401, {"error": {"status": "UNAUTHENTICATED"}})
        if self.calls_left is not None:
            if self.calls_left <= 0:
                return Reply(429, b"{}", headers={"Retry-After": str(QUOTA_S)})
            self.calls_left -= 1
        if self.errors_inside > 0:
            self.errors_inside -= 1
            return Reply.of(200, {"error": {"status": "INTERNAL"}})
        return self.call_api(call, tokens)

    def withdraw(self) -> None:
        """End all consents, as the person does on the pages of the cloud."""
        self.consents.clear()

    def _bearer(self, call: Call) -> Tokens | None:
        sent = call.headers.get("authorization", "").removeprefix("Bearer ")
        live = (each for each in self.consents if each.access == sent)
        found = next(live, None)
        return found if found is not None and self.clock() < found.ends_at else None

    def _tokens(self, form: Mapping[str, str]) -> Reply:
        client = (form.get("client_id"), form.get("client_secret"))
        if client != (self.client_id, self.secret):
            return Reply.of(401, {"error": "invalid_client"})
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form.get("refresh_token", ""))
        code = self.codes.get(form.get("code", ""))
        if code is None or code.redirect_uri != form.get("redirect_uri"):
            return self.refusal("code")
        if code.challenge != _challenge(form.get("code_verifier", "")):
            return self.refusal("code")
        if code.tokens is not None:  # RFC 6749, 4.1.2: a code that is used twice ends its tokens
            self.consents = [each for each in self.consents if each is not code.tokens]
            return self.refusal("code")
        code.tokens = self._new_tokens(code.scopes)
        self.consents.append(code.tokens)
        return self._answer(code.tokens, self.answers_code())

    def _refreshed(self, sent: str) -> Reply:
        for each in self.consents:
            if each.refresh == sent:
                each.old.add(each.refresh)
                new = self._new_tokens(each.scopes)
                each.access, each.refresh, each.ends_at = new.access, new.refresh, new.ends_at
                return self._answer(each, {})
            if sent in each.old:  # a rotated token that is used again has been copied
                self.consents.remove(each)
                break
        return self.refusal("refresh_token")

    def _new_tokens(self, scopes: tuple[str, ...]) -> Tokens:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        return Tokens(scopes, access, refresh, self.clock() + self.lifetime)

    def _answer(self, tokens: Tokens, more: Mapping[str, Any]) -> Reply:
        return Reply.of(
            200,
            {
                "token_type": "Bearer",
                "access_token": tokens.access,
                "refresh_token": tokens.refresh,
                "expires_in": int(self.lifetime.total_seconds()),
                "scope": self.separator.join(tokens.scopes),
                **more,
            },
        )


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _back(query: Mapping[str, str], result: Mapping[str, str]) -> Reply:
    returned = urlencode({"state": query.get("state", ""), **result})
    return Reply.redirect(f"{query['redirect_uri']}?{returned}")


def _page(name: str, query: Mapping[str, str]) -> Reply:
    scopes = "".join(f"<li>{escape(each)}" for each in query.get("scope", "").split())
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title>'
        f"<h1>{escape(name)} (simulated)</h1><p>Kinelog wants to:</p><ul>{scopes}</ul>"
        '<form method="post"><p><button name="choice" value="agree">Agree</button>'
        ' <button name="choice" value="decline">Decline</button></p></form></html>'
    )
    return Reply(200, page.encode(), "text/html; charset=utf-8")
