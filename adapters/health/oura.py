"""Oura API, version 2: steps, sleep and workouts of a ring (https://cloud.ouraring.com/v2/docs)."""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import SecretStr

from adapters.health.cloud import (
    OAuthCloud,
    number_of,
    read_page,
    unless_forbidden,
    verify_hmac,
    webhook_json,
    zone_of,
)
from adapters.health.http import CloudHttp, json_object
from adapters.health.oauth import CloudOAuth, OAuthCalls
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudChallenge,
    CloudNotice,
    CloudWebhook,
    CloudWebhookForged,
    FetchedPage,
    Grant,
    Scope,
)
from application.kernel.ports import Clock
from domain.health.batch import Measured

URL: Final = "https://api.ouraring.com"
AUTHORIZE_URL: Final = "https://cloud.ouraring.com/oauth/authorize"

MAX_PAGES: Final = 200
DAY: Final = timedelta(days=1)

QUOTA_S: Final = 300.0
"""The application's quota is renewed every five minutes."""

SCOPES: Final = (
    Scope("personal", "Read the id of your account", ()),
    Scope(
        "daily",
        "Read your steps, distance and sleep",
        ("distance", "sleep", "sleep_awake", "sleep_deep", "sleep_light", "sleep_rem", "steps"),
    ),
    Scope("workout", "Read how long you train", ("workout_minutes",)),
)

SLEEP: Final = {
    "sleep": "total_sleep_duration",
    "sleep_awake": "awake_time",
    "sleep_deep": "deep_sleep_duration",
    "sleep_light": "light_sleep_duration",
    "sleep_rem": "rem_sleep_duration",
}
"""Fields of a night, in seconds."""


class Oura(OAuthCloud):
    """Implements `HealthProvider`. `verify_token` proves that Oura tries our address."""

    scopes = SCOPES

    def __init__(
        self,
        client_id: str,
        secret: SecretStr,
        verify_token: SecretStr | None,
        *,
        clock: Clock,
        url: str | None = None,
    ) -> None:
        """`url` replaces all addresses of Oura, such as by that of a simulator."""
        self._secret = secret.get_secret_value()
        self._verify_token = "" if verify_token is None else verify_token.get_secret_value()
        self._url = url or URL
        http = CloudHttp(shares_quota=True, quota_pause_s=lambda: QUOTA_S)
        oauth = CloudOAuth(
            client_id=client_id,
            secret=secret,
            authorize_url=AUTHORIZE_URL if url is None else f"{url}/oauth/authorize",
            token_url=f"{self._url}/oauth/token",
            scopes=tuple(scope.name for scope in SCOPES),
        )
        super().__init__(OAuthCalls(oauth, http, clock), http, clock)

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code. The callback names the scopes, because people can deselect some."""
        tokens = self._calls.redeem(code, verifier, callback)
        scopes = self._calls.granted(scope or tokens.text("scope"))
        unnamed = self._calls.grant(tokens, "", scopes)
        path = f"{self._url}/v2/usercollection/personal_info"
        account = json_object(self._http.get(path, unnamed.access_token, {})).get("id")
        if not isinstance(account, str) or not account:
            raise CloudAnswerUnreadable
        return self._calls.grant(tokens, account, scopes)

    def revoke(self, grant: Grant) -> None:
        self._http.post_form(f"{self._url}/oauth/revoke", {"access_token": grant.access_token})

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        readers = (
            ("daily_activity", "daily", _activity, ("distance", "steps")),
            ("sleep", "daily", _night, tuple(SLEEP)),
            ("workout", "workout", _workout, ("workout_minutes",)),
        )
        for name, scope, read, metrics in readers:
            if scope in grant.scopes:
                pages = self._pages(grant, name, read, (start, end))
                yield from unless_forbidden(pages, metrics)

    def _pages(
        self,
        grant: Grant,
        name: str,
        read: Callable[[Mapping[str, Any], datetime], Iterator[Measured]],
        period: tuple[datetime, datetime],
    ) -> Iterator[FetchedPage]:
        """Read whole days, and keep what starts in the period: the person's zone is unknown."""
        start, end = period
        query = {"start_date": f"{start - DAY:%Y-%m-%d}", "end_date": f"{end + DAY:%Y-%m-%d}"}
        url = f"{self._url}/v2/usercollection/{name}"
        for _ in range(MAX_PAGES):
            found = json_object(self._http.get(url, grant.access_token, query))
            page = read_page(found.get("data"), lambda each: read(each, end))
            yield replace(page, measured=[m for m in page.measured if start <= m.start < end])
            token = found.get("next_token")
            if not token:
                return
            query["next_token"] = str(token)
        raise CloudAnswerUnreadable

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice] | CloudChallenge:
        if "challenge" in webhook.query:
            return self._challenge(webhook.query)
        at = webhook.headers.get("x-oura-timestamp", "")
        proof = webhook.headers.get("x-oura-signature", "")
        verify_hmac(proof, self._secret, at.encode() + webhook.body)
        account = webhook_json(webhook.body).get("user_id")
        return (CloudNotice(account),) if isinstance(account, str) else ()

    def _challenge(self, query: Mapping[str, str]) -> CloudChallenge:
        sent, wanted = query.get("verification_token", ""), self._verify_token
        if not wanted or not hmac.compare_digest(sent.encode(), wanted.encode()):
            raise CloudWebhookForged
        return CloudChallenge(200, {"challenge": query["challenge"][:200]})


def _activity(day: Mapping[str, Any], now: datetime) -> Iterator[Measured]:
    """Return the sums of a day, which is not over yet if it is today."""
    start = datetime.fromisoformat(day["timestamp"])
    end = max(start, min(start + DAY, now))
    zone = zone_of(start.utcoffset() or timedelta())
    figures = {
        "steps": ("count", number_of(day, "steps")),
        "distance": ("m", number_of(day, "equivalent_walking_distance")),
    }
    for metric, (unit, value) in figures.items():
        if value is not None:
            yield Measured(f"{day['id']}.{metric}", metric, value, unit, start, end, "Oura", zone)


def _night(night: Mapping[str, Any], now: datetime) -> Iterator[Measured]:
    """Return the stages of a night or nap, unless it was deleted."""
    del now
    if night.get("type") == "deleted":
        return
    start, end = (datetime.fromisoformat(night[name]) for name in ("bedtime_start", "bedtime_end"))
    for metric, name in SLEEP.items():
        value = number_of(night, name)
        if value is not None:
            yield Measured(f"{night['id']}.{metric}", metric, value, "s", start, end, "Oura")


def _workout(workout: Mapping[str, Any], now: datetime) -> Iterator[Measured]:
    del now
    start, end = (
        datetime.fromisoformat(workout[name]) for name in ("start_datetime", "end_datetime")
    )
    seconds = (end - start).total_seconds()
    yield Measured(f"{workout['id']}", "workout_minutes", seconds, "s", start, end, "Oura")
