"""Base class and helpers of the adapters of health clouds."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from adapters.health.http import CloudHttp, json_object
from adapters.health.oauth import OAuthCalls
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudConsentLost,
    CloudWebhookForged,
    Grant,
)
from application.kernel.ports import Clock


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


def number_of(found: Mapping[str, Any], name: str) -> float | None:
    """Return a number that is not zero, or None. Raises ValueError and TypeError."""
    value = found.get(name)
    return float(value) if value else None
