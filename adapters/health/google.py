"""Google Health API, the successor of Google Fit (https://developers.google.com/health).

Records are read reconciled, as the person's own app shows them: a plain list repeats what several
devices have measured at once.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import SecretStr

from adapters.health.cloud import OAuthCloud, read_page, unless_forbidden, webhook_json
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

URL: Final = "https://health.googleapis.com"
AUTHORIZE_URL: Final = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105  no token
REVOKE_URL: Final = "https://oauth2.googleapis.com/revoke"

SIGNATURE: Final = "google-health-api-signature"
"""Header with the ECDSA signature (P-256, SHA-256) of a webhook's body, in base64."""

TINK_PREFIX: Final = 5
"""Bytes before a signature of the library Tink: its version 1, and the id of the key."""

MAX_PAGES: Final = 500

_NAME: Final = "https://www.googleapis.com/auth/googlehealth."

SCOPES: Final = (
    Scope(
        f"{_NAME}activity_and_fitness.readonly",
        "Read your steps, distance and floors",
        ("distance", "floors", "steps"),
    ),
    Scope(
        f"{_NAME}health_metrics_and_measurements.readonly",
        "Read your weight, height and body fat",
        ("body_fat", "height", "weight"),
    ),
    Scope(f"{_NAME}sleep.readonly", "Read how long you sleep", ("sleep",)),
    Scope(f"{_NAME}activity_and_fitness.writeonly", "Add the workouts that you complete here", ()),
)

STRENGTH: Final = frozenset(
    {"traditionalStrengthTraining", "functionalStrengthTraining", "coreTraining", "crossTraining"}
)
"""Names of HealthKit's types that are strength training at Google."""

LEFT: Final[tuple[Left, ...]] = ("form", "set_times", "sets_as_data")
"""What an exercise at Google has no field for. Its sets are in the notes."""


@dataclass(frozen=True, slots=True)
class DataType:
    """A type of records at Google: where its value is, in which unit, and its largest page."""

    path: str
    name: str
    times: Literal["interval", "sample"]
    value: tuple[str, ...]
    metric: str
    unit: str
    page_size: int = 10_000
    filter_by: str = "interval.start_time"


DATA_TYPES: Final = (
    DataType("steps", "steps", "interval", ("count",), "steps", "count"),
    DataType("distance", "distance", "interval", ("millimeters",), "distance", "mm"),
    DataType("floors", "floors", "interval", ("count",), "floors", "count"),
    DataType(
        "weight", "weight", "sample", ("weightGrams",), "weight", "g",
        filter_by="sample_time.physical_time",
    ),
    DataType(
        "height", "height", "sample", ("heightMillimeters",), "height", "mm",
        filter_by="sample_time.physical_time",
    ),
    DataType(
        "body-fat", "bodyFat", "sample", ("percentage",), "body_fat", "%",
        filter_by="sample_time.physical_time",
    ),
    DataType(
        "sleep", "sleep", "interval", ("summary", "minutesAsleep"), "sleep", "min",
        page_size=25, filter_by="interval.end_time",
    ),
)  # fmt: skip


class GoogleHealth(OAuthCloud):
    """Implements `HealthProvider`.

    Webhooks are genuine if they send `webhook_secret` in `Authorization`, and are signed with
    `webhook_key`, a public key in PEM. Without both settings, every webhook is refused.
    """

    scopes = SCOPES
    write_scope = f"{_NAME}activity_and_fitness.writeonly"

    def __init__(
        self,
        client_id: str,
        secret: SecretStr,
        webhook_secret: SecretStr | None,
        webhook_key: bytes | None,
        *,
        clock: Clock,
        url: str | None = None,
    ) -> None:
        """`url` replaces all addresses of Google, such as by that of a simulator."""
        self._webhook_secret = webhook_secret
        self._webhook_key = _public_key(webhook_key)
        self._url = url or URL
        self._revoke_url = REVOKE_URL if url is None else f"{url}/revoke"
        http = CloudHttp(quota_pause_s=lambda: 60.0)
        oauth = CloudOAuth(
            client_id=client_id,
            secret=secret,
            authorize_url=AUTHORIZE_URL if url is None else f"{url}/o/oauth2/v2/auth",
            token_url=TOKEN_URL if url is None else f"{url}/token",
            scopes=tuple(scope.name for scope in SCOPES),
            parameters={"access_type": "offline", "prompt": "consent"},
        )
        super().__init__(OAuthCalls(oauth, http, clock), http, clock)

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code. The tokens name the scopes, because people can deselect some."""
        del scope
        tokens = self._calls.redeem(code, verifier, callback)
        scopes = self._calls.granted(tokens.text("scope"))
        unnamed = self._calls.grant(tokens, "", scopes)
        identity = json_object(
            self._http.get(f"{self._url}/v4/users/me/identity", unnamed.access_token, {})
        )
        account = identity.get("healthUserId")
        if not isinstance(account, str) or not account:
            raise CloudAnswerUnreadable
        return self._calls.grant(tokens, account, scopes)

    def revoke(self, grant: Grant) -> None:
        token = grant.refresh_token or grant.access_token
        self._http.post_form(self._revoke_url, {"token": token})

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterator[FetchedPage]:
        opened = {
            metric for scope in SCOPES if scope.name in grant.scopes for metric in scope.metrics
        }
        for each in DATA_TYPES:
            if each.metric in opened:
                yield from unless_forbidden(self._pages(grant, each, start, end), [each.metric])

    def _pages(
        self, grant: Grant, of_type: DataType, start: datetime, end: datetime
    ) -> Iterator[FetchedPage]:
        field = f"{of_type.path.replace('-', '_')}.{of_type.filter_by}"
        query = {
            "pageSize": str(of_type.page_size),
            "filter": f'{field} >= "{_time(start)}" AND {field} < "{_time(end)}"',
        }
        url = f"{self._url}/v4/users/me/dataTypes/{of_type.path}/dataPoints:reconcile"
        for _ in range(MAX_PAGES):
            found = json_object(self._http.get(url, grant.access_token, query))
            if "error" in found:  # an empty list would delete what is stored
                raise CloudAnswerUnreadable
            yield read_page(found.get("dataPoints", []), lambda each: [_record(of_type, each)])
            token = found.get("nextPageToken")
            if not token:
                return
            query["pageToken"] = str(token)
        raise CloudAnswerUnreadable

    def write(self, grant: Grant, workout: CompletedWorkout, reference: str | None) -> WriteResult:
        """Create an exercise under an id of ours, once. Exercises are never fetched."""
        del reference
        parent = "users/me/dataTypes/exercise/dataPoints"
        point = {
            "name": f"{parent}/{point_id(workout)}",
            "exercise": _exercise(workout),
        }
        url = f"{self._url}/v4/{parent}"
        response = self._http.send("POST", url, grant.access_token, point)
        if response.status_code == HTTPStatus.CONFLICT:
            return WriteResult("written", LEFT, reason="duplicate")
        created = json_object(self._http.content(response))
        if "error" in created:
            raise CloudAnswerUnreadable
        return WriteResult("written", LEFT)

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice] | CloudChallenge:
        """Verify a webhook. The trial of our address has no signature, and is answered 201."""
        secret = "" if self._webhook_secret is None else self._webhook_secret.get_secret_value()
        sent = webhook.headers.get("authorization", "")
        if not secret or not hmac.compare_digest(sent.encode(), secret.encode()):
            raise CloudWebhookForged
        found = webhook_json(webhook.body)
        if found == {"type": "verification"}:
            return CloudChallenge(201, {})
        self._verify(webhook)
        account = json_object(found.get("data")).get("healthUserId")
        return (CloudNotice(account),) if isinstance(account, str) else ()

    def _verify(self, webhook: CloudWebhook) -> None:
        if self._webhook_key is None:
            raise CloudWebhookForged
        try:
            proof = base64.b64decode(webhook.headers.get(SIGNATURE, ""), validate=True)
            if proof[:1] == b"\x01":
                proof = proof[TINK_PREFIX:]
            self._webhook_key.verify(proof, webhook.body, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            raise CloudWebhookForged from None


def _public_key(pem: bytes | None) -> ec.EllipticCurvePublicKey | None:
    """Return a public key on an elliptic curve. Raises ValueError for anything else."""
    if pem is None:
        return None
    key = load_pem_public_key(pem)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not a key on an elliptic curve")  # noqa: TRY004  of a file
    return key


def point_id(workout: CompletedWorkout) -> str:
    """Return an id of a data point: 4 to 63 lower-case letters, digits and hyphens."""
    digest = hashlib.sha256(workout.session_id.encode()).hexdigest()
    return f"{MARK}{digest[:40]}"


def _exercise(workout: CompletedWorkout) -> Mapping[str, Any]:
    zone = ZoneInfo(workout.time_zone)
    strength = workout.activity_type in STRENGTH
    interval = {
        name: value
        for each, at in (("start", workout.started_at), ("end", workout.ended_at))
        for name, value in (
            (f"{each}Time", _time(at)),
            (f"{each}UtcOffset", _seconds(at.astimezone(zone).utcoffset())),
        )
    }
    return {
        "interval": interval,
        "exerciseType": "STRENGTH_TRAINING" if strength else "WORKOUT",
        "displayName": "Kinelog",
        "activeDuration": f"{workout.duration_ms / 1000:.3f}s",
        "metricsSummary": {"caloriesKcal": round(workout.energy_kcal, 1)},
        "notes": workout.summary,
    }


def _seconds(span: timedelta | None) -> str:
    return f"{int((span or timedelta()).total_seconds())}s"


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _record(of_type: DataType, point: Mapping[str, Any]) -> Measured:
    """Return the record of a data point. Whole numbers come as texts."""
    content: Any = point[of_type.name]
    if of_type.times == "sample":
        start = end = datetime.fromisoformat(content["sampleTime"]["physicalTime"])
    else:
        start, end = (
            datetime.fromisoformat(content["interval"][name]) for name in ("startTime", "endTime")
        )
    found = content
    for name in of_type.value:
        found = found[name]
    source: dict[str, Any] = point.get("dataSource") or {}
    from_device: dict[str, Any] = source.get("device") or {}
    device = str(from_device.get("displayName") or "")[:100]
    key = _record_id(of_type, point, start, end)
    return Measured(key, of_type.metric, float(found), of_type.unit, start, end, device)


def _record_id(of_type: DataType, point: Mapping[str, Any], start: datetime, end: datetime) -> str:
    """Return an id that stays the same. Most points have none; their times identify them."""
    name = point.get("dataPointName") or point.get("name")
    named = name if isinstance(name, str) else f"{start.isoformat()}/{end - start}"
    digest = hashlib.sha256(f"{of_type.path}/{named}".encode()).hexdigest()
    return f"{of_type.path}.{digest[:32]}"
