"""Withings: scales, blood-pressure monitors and watches (https://developer.withings.com).

Every answer is 200: its status is inside. Withings wants each person subscribed for webhooks, which
have no signature, so none is taken.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from adapters.health.cloud import OAuthCloud, number_of, read_page, unless_forbidden
from adapters.health.http import CloudHttp, json_list, json_object
from adapters.health.oauth import CloudOAuth, OAuthCalls, Tokens
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudConsentLost,
    CloudForbidden,
    CloudNotice,
    CloudUnavailable,
    CloudWebhook,
    CloudWebhookForged,
    FetchedPage,
    Grant,
    Scope,
)
from application.kernel.ports import Clock
from domain.health.batch import Measured

URL: Final = "https://wbsapi.withings.net"
AUTHORIZE_URL: Final = "https://account.withings.com/oauth2_user/authorize2"

MAX_PAGES: Final = 200
DAY: Final = timedelta(days=1)

REFUSED: Final = frozenset({100, 101, 102, 200, 401})
"""Statuses of tokens that have ended. A refused code or refresh token has 503 as well."""

FORBIDDEN: Final = frozenset({214, 277, 2553, 2554, 2555})
"""Statuses of data that the tokens do not open."""

INVALID: Final = 503
QUOTA_USED_UP: Final = 601
NOT_NOW: Final = frozenset({522, 524, 525, 526, 527, 528, 529, 530})

TYPES: Final = {
    1: ("weight", "kg"),
    4: ("height", "m"),
    6: ("body_fat", "%"),
    9: ("blood_pressure_diastolic", "mmHg"),
    10: ("blood_pressure_systolic", "mmHg"),
    11: ("heart_rate", "bpm"),
    54: ("oxygen_saturation", "%"),
    71: ("body_temperature", "degC"),
}
"""Metric and unit of each type of measurement."""

SCOPES: Final = (
    Scope(
        "user.metrics",
        "Read your weight, blood pressure and other measurements",
        tuple(sorted(metric for metric, _ in TYPES.values())),
    ),
    Scope("user.activity", "Read your steps and distance", ("distance", "steps")),
)


class WithingsCalls(OAuthCalls):
    """The token endpoint of Withings, which is a method of its API."""

    def _tokens(self, **form: str) -> Tokens:
        try:
            found = post(self._http, self._oauth.token_url, self._form(form))
        except CloudAnswerUnreadable as refused:
            if isinstance(refused, ArgumentInvalid):
                raise CloudConsentLost from None
            raise
        return Tokens(found)

    def _form(self, form: Mapping[str, str]) -> dict[str, str]:
        secret = self._oauth.secret.get_secret_value()
        client = {"client_id": self._oauth.client_id, "client_secret": secret}
        return {"action": "requesttoken", **client, **form}


class ArgumentInvalid(CloudAnswerUnreadable):
    """Withings refuses an argument of a call, such as a code that was used."""

    code = "health.cloud_argument_invalid"


class Withings(OAuthCloud):
    """Implements `HealthProvider`."""

    scopes = SCOPES

    def __init__(
        self, client_id: str, secret: SecretStr, *, clock: Clock, url: str | None = None
    ) -> None:
        """`url` replaces all addresses of Withings, such as by that of a simulator."""
        self._client_id = client_id
        self._secret = secret.get_secret_value()
        self._url = url or URL
        http = CloudHttp(shares_quota=True, quota_pause_s=lambda: 60.0)
        oauth = CloudOAuth(
            client_id=client_id,
            secret=secret,
            authorize_url=AUTHORIZE_URL if url is None else f"{url}/oauth2_user/authorize2",
            token_url=f"{self._url}/v2/oauth2",
            scopes=tuple(scope.name for scope in SCOPES),
            separator=",",
        )
        super().__init__(WithingsCalls(oauth, http, clock), http, clock)

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code. The tokens name the account and the scopes."""
        del scope
        tokens = self._calls.redeem(code, verifier, callback)
        account = str(tokens.content.get("userid") or "")
        if not account:
            raise CloudAnswerUnreadable
        return self._calls.grant(tokens, account, self._calls.granted(tokens.text("scope")))

    def revoke(self, grant: Grant) -> None:
        """End the tokens of the person, by a call that is signed with a number used once."""
        at = str(int(self._clock().timestamp()))
        form = self._signed("getnonce", "timestamp", at)
        nonce = post(self._http, f"{self._url}/v2/signature", form).get("nonce")
        form = self._signed("revoke", "nonce", str(nonce)) | {"userid": grant.account}
        try:
            post(self._http, f"{self._url}/v2/oauth2", form)
        except CloudConsentLost:
            return

    def _signed(self, action: str, name: str, value: str) -> dict[str, str]:
        text = f"{action},{self._client_id},{value}".encode()
        proof = hmac.new(self._secret.encode(), text, hashlib.sha256).hexdigest()
        return {"action": action, "client_id": self._client_id, name: value, "signature": proof}

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        if "user.metrics" in grant.scopes:
            query = {
                "action": "getmeas",
                "meastypes": ",".join(map(str, TYPES)),
                "category": "1",
                "startdate": str(int(start.timestamp())),
                "enddate": str(int(end.timestamp())),
            }
            pages = self._pages(grant, "/measure", query)
            groups = (_page(found.get("measuregrps"), (start, end)) for found in pages)
            yield from unless_forbidden(groups, SCOPES[0].metrics)
        if "user.activity" in grant.scopes:
            query = {
                "action": "getactivity",
                "startdateymd": f"{start - DAY:%Y-%m-%d}",
                "enddateymd": f"{end + DAY:%Y-%m-%d}",
                "data_fields": "steps,distance",
            }
            pages = self._pages(grant, "/v2/measure", query)
            days = (_page(found.get("activities"), (start, end)) for found in pages)
            yield from unless_forbidden(days, SCOPES[1].metrics)

    def _pages(self, grant: Grant, path: str, query: dict[str, str]) -> Iterator[Mapping[str, Any]]:
        for _ in range(MAX_PAGES):
            found = body(self._http.get(f"{self._url}{path}", grant.access_token, query))
            yield found
            if not found.get("more"):
                return
            query = query | {"offset": str(found.get("offset"))}
        raise CloudAnswerUnreadable

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice]:
        """Raise CloudWebhookForged: webhooks of Withings have no signature."""
        del webhook
        raise CloudWebhookForged


def post(http: CloudHttp, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    """Post a form and return the body of the answer. Raises as `body`."""
    answer = http.post_form(url, form)
    try:
        return body(answer.json())
    except (ValueError, RecursionError):
        raise CloudAnswerUnreadable from None


def body(found: object) -> Mapping[str, Any]:
    """Return the body of an answer whose status is 0.

    Raises CloudConsentLost, CloudForbidden, CloudUnavailable, ArgumentInvalid and
    CloudAnswerUnreadable.
    """
    answer = json_object(found)
    status = answer.get("status")
    if status == 0:
        return json_object(answer.get("body"))
    if status in REFUSED:
        raise CloudConsentLost
    if status in FORBIDDEN:
        raise CloudForbidden
    if status == QUOTA_USED_UP:
        raise CloudUnavailable("rate_limited", 60.0)
    if status in NOT_NOW:
        raise CloudUnavailable
    raise ArgumentInvalid if status == INVALID else CloudAnswerUnreadable


def _page(found: object, period: tuple[datetime, datetime]) -> FetchedPage:
    start, end = period
    page = read_page(found, lambda each: _group(each) if "grpid" in each else _day(each, end))
    return replace(page, measured=[each for each in page.measured if start <= each.start < end])


def _group(group: Mapping[str, Any]) -> Iterator[Measured]:
    """Return what was measured at once. A value is a whole number times a power of ten."""
    at = datetime.fromtimestamp(int(group["date"]), ZoneInfo("UTC"))
    for each in json_list(group["measures"]):
        if each["type"] in TYPES:
            metric, unit = TYPES[each["type"]]
            value = int(each["value"]) * 10.0 ** int(each["unit"])
            device = str(group.get("model") or "Withings")[:100]
            yield Measured(f"{group['grpid']}.{metric}", metric, value, unit, at, at, device)


def _day(day: Mapping[str, Any], now: datetime) -> Iterator[Measured]:
    """Return the sums of a day, which is not over yet if it is today."""
    zone = ZoneInfo(day["timezone"])
    start = datetime.fromisoformat(day["date"]).replace(tzinfo=zone)
    end = max(start, min(start + DAY, now))
    for metric, unit in (("steps", "count"), ("distance", "m")):
        value = number_of(day, metric)
        if value is not None:
            key = f"{day['date']}.{metric}"
            yield Measured(key, metric, value, unit, start, end, "Withings", zone.key)
