"""Polar AccessLink, version 3: training and sleep (https://www.polar.com/accesslink-api)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from pydantic import SecretStr

from adapters.health.cloud import (
    OAuthCloud,
    number_of,
    read_page,
    unless_forbidden,
    verify_hmac,
    webhook_json,
)
from adapters.health.http import CloudHttp, json_object
from adapters.health.oauth import CloudOAuth, OAuthCalls
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudChallenge,
    CloudConsentLost,
    CloudForbidden,
    CloudNotice,
    CloudWebhook,
    FetchedPage,
    Grant,
    Scope,
)
from application.kernel.ports import Clock
from domain.health.batch import Measured

URL: Final = "https://www.polaraccesslink.com"
AUTHORIZE_URL: Final = "https://flow.polar.com/oauth2/authorization"
TOKEN_URL: Final = "https://polarremote.com/v2/oauth2/token"  # noqa: S105  no token

DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")

SCOPES: Final = (
    Scope(
        "accesslink.read_all",
        "Read your training and sleep",
        (
            "distance", "heart_rate", "sleep", "sleep_deep", "sleep_light", "sleep_rem",
            "workout_minutes",
        ),
    ),
)  # fmt: skip

STAGES: Final = {
    "sleep_deep": "deep_sleep",
    "sleep_light": "light_sleep",
    "sleep_rem": "rem_sleep",
}
"""Fields of a night, in seconds."""


class Polar(OAuthCloud):
    """Implements `HealthProvider`. Its tokens last for years, and cannot be renewed.

    `webhook_secret` came with the answer to the registration of our address.
    """

    scopes = SCOPES
    reach = timedelta(days=27)
    """Polar lists 28 days of nights, and 30 of training."""

    def __init__(
        self,
        client_id: str,
        secret: SecretStr,
        webhook_secret: SecretStr | None,
        *,
        clock: Clock,
        url: str | None = None,
    ) -> None:
        """`url` replaces all addresses of Polar, such as by that of a simulator."""
        self._webhook_secret = "" if webhook_secret is None else webhook_secret.get_secret_value()
        self._url = url or URL
        http = CloudHttp(shares_quota=True, quota_pause_s=lambda: 900.0)
        oauth = CloudOAuth(
            client_id=client_id,
            secret=secret,
            authorize_url=AUTHORIZE_URL if url is None else f"{url}/oauth2/authorization",
            token_url=TOKEN_URL if url is None else f"{url}/v2/oauth2/token",
            scopes=tuple(scope.name for scope in SCOPES),
            client_auth="client_secret_basic",
        )
        super().__init__(OAuthCalls(oauth, http, clock), http, clock)

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code, and register the person, without which nothing can be read."""
        del scope
        tokens = self._calls.redeem(code, verifier, callback)
        account = tokens.content.get("x_user_id")
        if not isinstance(account, int):
            raise CloudAnswerUnreadable
        grant = self._calls.grant(tokens, str(account), tuple(each.name for each in SCOPES))
        answer = self._http.send(
            "POST", f"{self._url}/v3/users", grant.access_token, {"member-id": uuid4().hex}
        )
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            raise CloudConsentLost
        if answer.status_code == HTTPStatus.FORBIDDEN:
            raise CloudForbidden
        if not answer.is_success and answer.status_code != HTTPStatus.CONFLICT:  # it is registered
            raise CloudAnswerUnreadable
        return grant

    def revoke(self, grant: Grant) -> None:
        """Remove the person from our application, which ends the tokens."""
        self._http.send("DELETE", f"{self._url}/v3/users/{grant.account}", grant.access_token)

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        nights = [each for each in SCOPES[0].metrics if each.startswith("sleep")]
        training = [each for each in SCOPES[0].metrics if each not in nights]
        for read, metrics in ((self._trained, training), (self._slept, nights)):
            for page in unless_forbidden(read(grant), metrics):
                kept = [each for each in page.measured if start <= each.start < end]
                yield replace(page, measured=kept)

    def _trained(self, grant: Grant) -> Iterator[FetchedPage]:
        found = self._http.get(f"{self._url}/v3/exercises", grant.access_token, {})
        yield read_page(found, _training)

    def _slept(self, grant: Grant) -> Iterator[FetchedPage]:
        found = self._http.get(f"{self._url}/v3/users/sleep", grant.access_token, {})
        yield read_page(json_object(found).get("nights"), _night)

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice] | CloudChallenge:
        """Verify a webhook. The trial of our address comes before we can have the secret."""
        found = webhook_json(webhook.body)
        if found.get("event") == "PING":
            return CloudChallenge(200, {})
        proof = webhook.headers.get("polar-webhook-signature", "")
        verify_hmac(proof, self._webhook_secret, webhook.body)
        account = found.get("user_id")
        return (CloudNotice(str(account)),) if isinstance(account, int) else ()


def _training(exercise: Mapping[str, Any]) -> Iterator[Measured]:
    """Return the records of a training. Its start is local, with minutes of offset."""
    zone = timezone(timedelta(minutes=int(exercise["start_time_utc_offset"])))
    start = datetime.fromisoformat(exercise["start_time"]).replace(tzinfo=zone)
    parts = DURATION.fullmatch(exercise["duration"])
    if parts is None:
        raise ValueError(exercise["duration"])
    hours, minutes, seconds = (float(part or 0) for part in parts.groups())
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    rate: dict[str, Any] = exercise.get("heart_rate") or {}
    figures = (
        ("workout_minutes", "s", length.total_seconds() or None),
        ("distance", "m", number_of(exercise, "distance")),
        ("heart_rate", "bpm", number_of(rate, "average")),
    )
    device = str(exercise.get("device") or "Polar")[:100]
    for metric, unit, value in figures:
        if value is not None:
            key = f"{exercise['id']}.{metric}"
            yield Measured(key, metric, value, unit, start, start + length, device)


def _night(night: Mapping[str, Any]) -> Iterator[Measured]:
    start, end = (
        datetime.fromisoformat(night[name]) for name in ("sleep_start_time", "sleep_end_time")
    )
    stages = {metric: number_of(night, name) or 0.0 for metric, name in STAGES.items()}
    unknown = number_of(night, "unrecognized_sleep_stage") or 0.0
    for metric, seconds in {**stages, "sleep": sum(stages.values()) + unknown}.items():
        if seconds:
            key = f"night.{night['date']}.{metric}"
            yield Measured(key, metric, seconds, "s", start, end, "Polar")
