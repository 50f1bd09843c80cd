"""Strava: activities of a person (https://developers.strava.com/docs/reference).

Its agreement lets nobody but the person see the data, and no model be trained with it.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from pydantic import SecretStr

from adapters.health.cloud import OAuthCloud, read_page, unless_forbidden, webhook_json
from adapters.health.fit_file import fit_file
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
from application.health.writes import MARK, CompletedWorkout, Left, WriteResult
from application.kernel.ports import Clock
from domain.health.batch import Measured

URL: Final = "https://www.strava.com"

PER_PAGE: Final = 200
MAX_PAGES: Final = 50

QUARTER_S: Final = 900
"""The quota is renewed each quarter of an hour; an answer has no `Retry-After`."""

NAME: Final = "Kinelog"
"""Name of a workout at Strava; its description has the sets."""

LEFT: Final[tuple[Left, ...]] = ("form", "set_times")
"""What a FIT file of ours does not have."""

TOLERANCE: Final = timedelta(minutes=5)
"""Age of a webhook's signature."""

SCOPES: Final = (
    Scope(
        "activity:read_all",
        "Read your activities, also those that only you can see",
        ("distance", "heart_rate", "workout_minutes"),
    ),
    Scope("activity:write", "Add the workouts that you complete here", ()),
)


class Strava(OAuthCloud):
    """Implements `HealthProvider`. `verify_token` proves that Strava tries our address."""

    scopes = SCOPES
    write_scope = "activity:write"

    def __init__(
        self,
        client_id: str,
        secret: SecretStr,
        verify_token: SecretStr | None,
        *,
        clock: Clock,
        url: str = URL,
    ) -> None:
        self._secret = secret
        self._verify_token = verify_token
        self._clock = clock
        self._url = url
        http = CloudHttp(shares_quota=True, quota_pause_s=self._quota_pause_s)
        oauth = CloudOAuth(
            client_id=client_id,
            secret=secret,
            authorize_url=f"{url}/oauth/authorize",
            token_url=f"{url}/oauth/token",
            scopes=tuple(scope.name for scope in SCOPES),
            separator=",",
            parameters={"approval_prompt": "force"},
            is_ended=_is_ended,
        )
        super().__init__(OAuthCalls(oauth, http, clock), http, clock)

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code. The callback names the scopes, because people can deselect some."""
        tokens = self._calls.redeem(code, verifier, callback)
        athlete = json_object(tokens.content.get("athlete")).get("id")
        if not isinstance(athlete, int):
            raise CloudAnswerUnreadable
        return self._calls.grant(tokens, str(athlete), self._calls.granted(scope))

    def revoke(self, grant: Grant) -> None:
        """End all tokens of the person."""
        url = f"{self._url}/oauth/deauthorize"
        self._revoke_by_access_token(
            grant, lambda token: self._http.post_form(url, {"access_token": token})
        )

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        return unless_forbidden(self._pages(grant, start, end), SCOPES[0].metrics)

    def _pages(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        query = {
            "after": str(int(start.timestamp())),
            "before": str(int(end.timestamp()) + 1),
            "per_page": str(PER_PAGE),
        }
        url = f"{self._url}/api/v3/athlete/activities"
        for number in range(1, MAX_PAGES + 1):
            found = self._http.get(url, grant.access_token, {**query, "page": str(number)})
            page = read_page(found, _fetched)
            if not found:
                return
            yield page
        raise CloudAnswerUnreadable

    def write(self, grant: Grant, workout: CompletedWorkout, reference: str | None) -> WriteResult:
        """Upload a FIT file with the sets. Strava reads it later, and stores it once."""
        url = f"{self._url}/api/v3/uploads"
        if reference is not None:
            return _result(self._http.get(f"{url}/{reference}", grant.access_token, {}))
        form = {
            "data_type": "fit",
            "external_id": workout.mark,
            "name": NAME,
            "description": workout.summary,
        }
        file = (f"{workout.mark}.fit", fit_file(workout))
        return _result(self._http.upload(url, grant.access_token, form, file))

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice] | CloudChallenge:
        if "hub.challenge" in webhook.query:
            return self._challenge(webhook.query)
        self._verify(webhook)
        found = webhook_json(webhook.body)
        updates = json_object(found.get("updates") or {})
        is_athlete = found.get("object_type") == "athlete"
        is_withdrawal = is_athlete and updates.get("authorized") == "false"
        if found.get("object_type") != "activity" and not is_withdrawal:
            return ()
        return (CloudNotice(str(found.get("owner_id", "")), is_withdrawal),)

    def _challenge(self, query: Mapping[str, str]) -> CloudChallenge:
        wanted = "" if self._verify_token is None else self._verify_token.get_secret_value()
        sent = query.get("hub.verify_token", "")
        if not wanted or not hmac.compare_digest(sent.encode(), wanted.encode()):
            raise CloudWebhookForged
        return CloudChallenge(200, {"hub.challenge": query["hub.challenge"][:200]})

    def _verify(self, webhook: CloudWebhook) -> None:
        """Check `X-Strava-Signature: t=…,v1=…`, the HMAC of time and body."""
        header = webhook.headers.get("x-strava-signature", "")
        named = (part.partition("=") for part in header.split(","))
        parts = {name: value for name, _, value in named}
        at, sent = parts.get("t", ""), parts.get("v1", "")
        if not (at.isascii() and at.isdigit() and len(at) < 12):
            raise CloudWebhookForged
        key = self._secret.get_secret_value().encode()
        proof = hmac.new(key, f"{at}.".encode() + webhook.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(sent.encode(), proof.encode()):
            raise CloudWebhookForged
        if abs(self._clock().timestamp() - int(at)) > TOLERANCE.total_seconds():
            raise CloudWebhookForged

    def _quota_pause_s(self) -> float:
        return QUARTER_S - self._clock().timestamp() % QUARTER_S


def _result(answer: object) -> WriteResult:
    """Return what has become of an upload. A duplicate is a workout that Strava has already."""
    found = json_object(answer)
    error = found.get("error")
    if found.get("activity_id") is not None:
        return WriteResult("written", LEFT)
    if isinstance(error, str) and error:
        if "duplicate" in error.lower():
            return WriteResult("written", LEFT, reason="duplicate")
        return WriteResult("refused", reason="unreadable_there")
    upload = found.get("id")
    if not isinstance(upload, int):
        raise CloudAnswerUnreadable
    return WriteResult("processing", LEFT, reference=str(upload))


def _fetched(activity: Mapping[str, Any]) -> Iterator[Measured]:
    """Return the records of an activity, none of one that we have written."""
    written = str(activity.get("external_id") or "").startswith(MARK)
    return iter(()) if written else _records(activity)


def _is_ended(answer: Mapping[str, Any]) -> bool:
    """Return whether Strava refuses a code or refresh token: it names them in a list of errors."""
    errors = answer.get("errors")
    found = cast("list[dict[str, object]]", errors) if isinstance(errors, list) else []
    return any(each.get("field") in {"code", "refresh_token"} for each in found)


def _records(activity: Mapping[str, Any]) -> Iterator[Measured]:
    """Return the records of an activity: time in motion, distance, mean heart rate."""
    key, device = int(activity["id"]), str(activity.get("device_name") or "")[:100]
    start = datetime.fromisoformat(activity["start_date"])
    end = start + timedelta(seconds=int(activity["elapsed_time"]))
    figures = (
        ("workout_minutes", activity.get("moving_time"), "s"),
        ("distance", activity.get("distance"), "m"),
        ("heart_rate", activity.get("average_heartrate"), "bpm"),
    )
    for metric, figure, unit in figures:
        if figure:
            yield Measured(f"{key}.{metric}", metric, float(figure), unit, start, end, device)
