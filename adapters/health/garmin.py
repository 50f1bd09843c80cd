"""Garmin Health API: summaries of days, nights and activities, which Garmin sends by webhook.

Garmin's specification is for approved partners only, so this follows what is public: the page
https://developer.garmin.com/gc-developer-program/health-api and open integrations, above all
https://github.com/the-momentum/open-wearables. From them are: OAuth with PKCE and its addresses;
the ids and permissions of a person; webhooks without a signature, with the header
`garmin-client-id`; `ping` with a `callbackURL` that is good for 24 hours, and `push` with the
summaries themselves; histories of the 30 days before the link, requested and answered by webhook,
with 409 for a repeated request; `deregistrations`, which can also come after the person has linked
again, and `userPermissionsChange`; names and units of fields.

Not checked against Garmin, because we have no account there: the answer of
`/user/permissions` to an ended grant, whether a callback needs the access token (it is sent), and
whether a history of a later period than the link is delivered. Women's health, stress and samples
within a day are not read.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog
from pydantic import SecretStr

from adapters.health.cloud import OAuthCloud, number_of, read_page, webhook_json, zone_of
from adapters.health.http import CloudHttp, json_object
from adapters.health.oauth import CloudOAuth, OAuthCalls
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudChallenge,
    CloudConsentLost,
    CloudForbidden,
    CloudNotice,
    CloudWebhook,
    CloudWebhookForged,
    FetchedPage,
    Grant,
    Scope,
)
from application.kernel.ports import Clock
from domain.health.batch import Measured

URL: Final = "https://apis.garmin.com"
AUTHORIZE_URL: Final = "https://connect.garmin.com/oauth2Confirm"
TOKEN_URL: Final = "https://diauth.garmin.com/di-oauth2-service/oauth/token"  # noqa: S105  no token

USER: Final = "/partner-gateway/rest/user"
SUMMARIES: Final = "/wellness-api/rest"

QUOTA_S: Final = 60.0
"""The application's quota is renewed every minute."""

HEALTH: Final = "HEALTH_EXPORT"
ACTIVITIES: Final = "ACTIVITY_EXPORT"
HISTORY: Final = "HISTORICAL_DATA_EXPORT"

SCOPES: Final = (
    Scope(
        HEALTH,
        "Read your steps, energy, sleep, weight and other daily figures",
        (
            "active_energy", "active_minutes", "blood_pressure_diastolic",
            "blood_pressure_systolic", "body_fat", "distance", "floors", "heart_rate_variability",
            "resting_energy", "resting_heart_rate", "sleep", "sleep_awake", "sleep_deep",
            "sleep_light", "sleep_rem", "steps", "weight",
        ),
    ),
    Scope(
        ACTIVITIES,
        "Read how long you train, and your heart rate",
        ("heart_rate", "workout_minutes"),
    ),
    Scope(HISTORY, "Read the last 30 days", ()),
)  # fmt: skip

LIFECYCLE: Final = ("deregistrations", "userPermissionsChange")
"""Parts of webhooks about the grant. They can be outdated, so its state is fetched."""

logger: Any = structlog.get_logger()


class Garmin(OAuthCloud):
    """Implements `HealthProvider` and `DeliveringCloud`.

    `webhook_secret` is the parameter `key` of the address that was registered for webhooks: the
    client id alone proves nothing, as each person who links Garmin sees it.
    """

    scopes = SCOPES

    def __init__(
        self,
        client_id: str,
        secret: SecretStr,
        webhook_secret: SecretStr,
        *,
        clock: Clock,
        url: str | None = None,
    ) -> None:
        """`url` replaces all addresses of Garmin, such as by that of a simulator."""
        self._client_id = client_id
        self._webhook_secret = webhook_secret.get_secret_value()
        self._url = url or URL
        http = CloudHttp(shares_quota=True, quota_pause_s=lambda: QUOTA_S)
        oauth = CloudOAuth(
            client_id=client_id,
            secret=secret,
            authorize_url=AUTHORIZE_URL if url is None else f"{url}/oauth2Confirm",
            token_url=TOKEN_URL if url is None else f"{url}/di-oauth2-service/oauth/token",
            scopes=(),
        )
        super().__init__(OAuthCalls(oauth, http, clock), http, clock)

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code. The person chooses permissions there, which no answer of OAuth names."""
        del scope
        tokens = self._calls.redeem(code, verifier, callback)
        unnamed = self._calls.grant(tokens, "", ())
        account = json_object(self._http.get(f"{self._url}{USER}/id", unnamed.access_token, {}))
        name = account.get("userId")
        if not isinstance(name, str) or not name:
            raise CloudAnswerUnreadable
        return self._calls.grant(tokens, name, self._permissions(unnamed))

    def revoke(self, grant: Grant) -> None:
        """Remove the person from our application."""
        url = f"{self._url}{USER}/registration"
        self._revoke_by_access_token(grant, lambda token: self._http.send("DELETE", url, token))

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        """Check the permissions, and request the history of a period, which comes by webhook."""
        allowed = self._permissions(grant)
        for scope in SCOPES:
            if scope.metrics and scope.name in grant.scopes and scope.name not in allowed:
                yield FetchedPage((), forbidden=scope.metrics)
        if start < end and HISTORY in allowed:
            for kind, summary in KINDS.items():
                if summary.scope in allowed:
                    self._request(grant, kind, start, end)

    def _permissions(self, grant: Grant) -> tuple[str, ...]:
        found = self._http.get(f"{self._url}{USER}/permissions", grant.access_token, {})
        named = json_object(found).get("permissions")
        if not isinstance(named, list):
            raise CloudAnswerUnreadable
        return tuple(scope.name for scope in SCOPES if scope.name in named)

    def _request(self, grant: Grant, kind: str, start: datetime, end: datetime) -> None:
        """Request a history. A refusal is about its period or kind: the grant was just checked."""
        period = {
            "summaryStartTimeInSeconds": str(int(start.timestamp())),
            "summaryEndTimeInSeconds": str(int(end.timestamp())),
        }
        url = f"{self._url}{SUMMARIES}/backfill/{kind}?{urlencode(period)}"
        answer = self._http.send("GET", url, grant.access_token)
        if not answer.is_success and answer.status_code != HTTPStatus.CONFLICT:
            logger.warning("health.history_refused", kind=kind, status=answer.status_code)

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice] | CloudChallenge:
        """Return a notice for each account, with its summaries and addresses of summaries."""
        key, client = webhook.query.get("key", ""), webhook.headers.get("garmin-client-id", "")
        proofs = ((key, self._webhook_secret), (client, self._client_id))
        if not all(hmac.compare_digest(sent.encode(), own.encode()) for sent, own in proofs):
            raise CloudWebhookForged
        accounts: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for kind, entries in webhook_json(webhook.body).items():
            if kind not in KINDS and kind not in LIFECYCLE:
                continue
            if not isinstance(entries, list):
                raise CloudWebhookForged
            for entry in cast("list[object]", entries):
                plain = _plain(entry)
                account = plain.get("userId")
                if isinstance(account, str) and account:
                    accounts.setdefault(account, {}).setdefault(kind, []).append(plain)
        return [_notice(account, found) for account, found in accounts.items()]

    def read_delivery(self, grant: Grant, content: bytes) -> Iterator[FetchedPage]:
        """Return the summaries of a delivery, and those at its addresses."""
        found: dict[str, list[dict[str, Any]]] = json.loads(content)
        for kind, entries in found.items():
            pushed = [each for each in entries if "callbackURL" not in each]
            yield _read(kind, pushed, grant.account)
            for each in entries:
                if "callbackURL" in each:
                    yield self._pull(grant, kind, str(each["callbackURL"]))

    def _pull(self, grant: Grant, kind: str, address: str) -> FetchedPage:
        """Read the summaries at an address, which has to be one of Garmin.

        An address that is refused has expired: the grant was just checked.
        """
        try:
            parts = urlsplit(address)
            query = dict(parse_qsl(parts.query, strict_parsing=True))
        except ValueError:
            return FetchedPage((), unreadable=1)
        expected = f"{self._url}{SUMMARIES}/{kind}"
        if f"{parts.scheme}://{parts.netloc}{parts.path}" != expected:
            return FetchedPage((), unreadable=1)
        try:
            found = self._http.get(expected, grant.access_token, query)
            return _read(kind, found, grant.account)
        except (CloudAnswerUnreadable, CloudConsentLost, CloudForbidden):
            return FetchedPage((), unreadable=1)


def _plain(entry: object) -> dict[str, Any]:
    """Return the fields of an entry without samples, which are not read."""
    try:
        found = json_object(entry)
    except CloudAnswerUnreadable:
        raise CloudWebhookForged from None
    return {name: each for name, each in found.items() if not isinstance(each, dict | list)}


def _notice(account: str, found: Mapping[str, list[dict[str, Any]]]) -> CloudNotice:
    kept = {kind: entries for kind, entries in found.items() if kind in KINDS}
    return CloudNotice(account, delivery=json.dumps(kept).encode() if kept else None)


def _read(kind: str, found: object, account: str) -> FetchedPage:
    """Return the records of summaries of an account; those of others cannot be read."""
    read = KINDS[kind].read

    def of_account(summary: Mapping[str, Any]) -> Iterator[Measured]:
        if summary.get("userId", account) != account:
            raise CloudAnswerUnreadable
        return read(summary)

    return read_page(found, of_account)


def _instant(seconds: object) -> datetime:
    if not isinstance(seconds, int):
        raise CloudAnswerUnreadable
    return datetime.fromtimestamp(seconds, UTC)


def _moment(seconds: object) -> tuple[datetime, datetime]:
    at = _instant(seconds)
    return at, at


def _span(summary: Mapping[str, Any]) -> tuple[datetime, datetime]:
    start = _instant(summary["startTimeInSeconds"])
    return start, start + timedelta(seconds=int(summary.get("durationInSeconds") or 0))


Figures = Mapping[str, tuple[str, float | None]]
"""Unit and value of each metric."""


def _records(
    key: str,
    figures: Figures,
    span: tuple[datetime, datetime],
    device: str = "Garmin",
    time_zone: str | None = None,
) -> Iterator[Measured]:
    for metric, (unit, value) in figures.items():
        if value is not None:
            yield Measured(f"{key}.{metric}", metric, value, unit, *span, device, time_zone)


def _day(day: Mapping[str, Any]) -> Iterator[Measured]:
    """Return the sums of a day until now. Later summaries of the day replace them."""
    active = [number_of(day, f"{each}IntensityDurationInSeconds") for each in INTENSITIES]
    figures: Figures = {
        "steps": ("count", number_of(day, "steps")),
        "distance": ("m", number_of(day, "distanceInMeters")),
        "floors": ("count", number_of(day, "floorsClimbed")),
        "active_energy": ("kcal", number_of(day, "activeKilocalories")),
        "resting_energy": ("kcal", number_of(day, "bmrKilocalories")),
        "active_minutes": ("s", sum(each or 0.0 for each in active) or None),
        "resting_heart_rate": ("bpm", number_of(day, "restingHeartRateInBeatsPerMinute")),
    }
    offset = day.get("startTimeOffsetInSeconds")
    zone = None if offset is None else zone_of(timedelta(seconds=int(offset)))
    return _records(f"dailies.{day['calendarDate']}", figures, _span(day), time_zone=zone)


INTENSITIES: Final = ("moderate", "vigorous")

STAGES: Final = {
    "sleep_awake": "awakeDurationInSeconds",
    "sleep_deep": "deepSleepDurationInSeconds",
    "sleep_light": "lightSleepDurationInSeconds",
    "sleep_rem": "remSleepInSeconds",
}
"""Fields of a night, in seconds."""


def _night(night: Mapping[str, Any]) -> Iterator[Measured]:
    stages = {metric: number_of(night, name) for metric, name in STAGES.items()}
    asleep = sum(value or 0.0 for metric, value in stages.items() if metric != "sleep_awake")
    asleep += number_of(night, "unmeasurableSleepInSeconds") or 0.0
    figures = {metric: ("s", value) for metric, value in stages.items()}
    figures["sleep"] = ("s", asleep or None)
    return _records(f"sleeps.{night['calendarDate']}", figures, _span(night))


def _heart_rate_variability(night: Mapping[str, Any]) -> Iterator[Measured]:
    figures: Figures = {"heart_rate_variability": ("ms", number_of(night, "lastNightAvg"))}
    return _records(f"hrv.{night['calendarDate']}", figures, _span(night))


def _body(body: Mapping[str, Any]) -> Iterator[Measured]:
    seconds = body["measurementTimeInSeconds"]
    figures: Figures = {
        "weight": ("g", number_of(body, "weightInGrams")),
        "body_fat": ("%", number_of(body, "bodyFatInPercent")),
    }
    return _records(f"bodyComps.{seconds}", figures, _moment(seconds))


def _blood_pressure(measured: Mapping[str, Any]) -> Iterator[Measured]:
    seconds = measured["measurementTimeInSeconds"]
    figures: Figures = {
        "blood_pressure_systolic": ("mmHg", number_of(measured, "systolic")),
        "blood_pressure_diastolic": ("mmHg", number_of(measured, "diastolic")),
    }
    return _records(f"bloodPressures.{seconds}", figures, _moment(seconds))


def _activity(activity: Mapping[str, Any]) -> Iterator[Measured]:
    """Return time and heart rate of an activity. Its distance is in the day's."""
    figures: Figures = {
        "workout_minutes": ("s", number_of(activity, "durationInSeconds")),
        "heart_rate": ("bpm", number_of(activity, "averageHeartRateInBeatsPerMinute")),
    }
    device = str(activity.get("deviceName") or "Garmin")[:100]
    return _records(f"activities.{activity['summaryId']}", figures, _span(activity), device)


@dataclass(frozen=True)
class Kind:
    """A kind of summaries: its permission, and what reads one."""

    scope: str
    read: Callable[[Mapping[str, Any]], Iterator[Measured]]


KINDS: Final[Mapping[str, Kind]] = {
    "dailies": Kind(HEALTH, _day),
    "sleeps": Kind(HEALTH, _night),
    "hrv": Kind(HEALTH, _heart_rate_variability),
    "bodyComps": Kind(HEALTH, _body),
    "bloodPressures": Kind(HEALTH, _blood_pressure),
    "activities": Kind(ACTIVITIES, _activity),
}
