"""Base class and helpers of the adapters of health clouds."""

import hashlib
import hmac
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, cast

from adapters.health.http import CloudHttp, json_object
from adapters.health.oauth import OAuthCalls
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudConsentLost,
    CloudForbidden,
    CloudUnavailable,
    CloudWebhookForged,
    FetchedPage,
    Grant,
    RevocationUnfinished,
)
from application.kernel.ports import Clock
from domain.health.batch import Measured

UNREADABLE: Final = (
    CloudAnswerUnreadable, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""Errors of a record without the expected content."""


class OAuthCloud:
    """Base of a `HealthProvider` with refresh tokens."""

    reach: timedelta | None = None

    def __init__(self, calls: OAuthCalls, http: CloudHttp, clock: Clock) -> None:
        self._calls = calls
        self._http = http
        self._clock = clock

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def page(self, state: str, verifier: str, callback: str) -> str:
        """Return the URL of the page on which the person agrees."""
        return self._calls.page(state, verifier, callback)

    def refresh(self, grant: Grant) -> Grant:
        """Return new tokens. Raises CloudConsentLost, also if there is no refresh token."""
        if grant.refresh_token is None:
            raise CloudConsentLost
        tokens = self._calls.refresh(grant.refresh_token)
        return self._calls.grant(tokens, grant.account, grant.scopes, grant)

    def _revoke_by_access_token(self, grant: Grant, end: Callable[[str], object]) -> None:
        """Revoke tokens where the call `end` needs an access token that has not expired."""
        is_renewed = grant.expires_at <= self._clock()
        try:
            live = self.refresh(grant) if is_renewed else grant
        except CloudConsentLost:
            return
        try:
            end(live.access_token)
        except (CloudUnavailable, CloudAnswerUnreadable) as obstacle:
            if is_renewed:
                raise RevocationUnfinished(live) from obstacle
            raise


def read_page(
    found: object, read: Callable[[Mapping[str, Any]], Iterable[Measured]]
) -> FetchedPage:
    """Return the records of a list, and the number of entries that cannot be read.

    `read` returns the records of an entry. Raises CloudAnswerUnreadable if it is not a list.
    """
    if not isinstance(found, list):
        raise CloudAnswerUnreadable
    measured: list[Measured] = []
    unreadable = 0
    for each in cast("list[object]", found):
        try:
            measured += list(read(json_object(each)))
        except UNREADABLE:
            unreadable += 1
    return FetchedPage(measured, unreadable)


def unless_forbidden(pages: Iterable[FetchedPage], metrics: Sequence[str]) -> Iterator[FetchedPage]:
    """Yield pages of these metrics, and then what the cloud refuses to list of them."""
    try:
        yield from pages
    except CloudForbidden:
        yield FetchedPage((), forbidden=tuple(metrics))


def webhook_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a webhook. Raises CloudWebhookForged for any other body."""
    try:
        return json_object(json.loads(body))
    except (ValueError, RecursionError, CloudAnswerUnreadable):
        raise CloudWebhookForged from None


def verify_hmac(sent: str, secret: str, signed: bytes) -> None:
    """Check a proof in hexadecimal digits of either case. Raises CloudWebhookForged."""
    proof = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(sent.lower().encode(), proof.encode()):
        raise CloudWebhookForged


def zone_of(offset: timedelta) -> str:
    """Return a time zone with this offset from UTC, or with the next whole hour above it.

    A time of the first 23 hours of a day stays on its date.
    """
    return f"Etc/GMT{-math.ceil(offset / timedelta(hours=1)):+d}"


def number_of(found: Mapping[str, Any], name: str) -> float | None:
    """Return a number that is not zero, or None. Raises ValueError and TypeError."""
    value = found.get(name)
    return float(value) if value else None
