"""Simulator of the Google Health API: data points, pages, and webhooks signed with ECDSA."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply, Sent

POINTS: Final = re.compile(r"/v4/users/me/dataTypes/([a-z-]+)/dataPoints:reconcile")
EXERCISES: Final = "/v4/users/me/dataTypes/exercise/dataPoints"
POINT_ID: Final = re.compile(r"[a-z0-9-]{4,63}")
FILTER: Final = re.compile(r'([a-z_.]+) >= "([^"]+)" AND \1 < "([^"]+)"')

SCOPE_OF: Final = {
    "steps": "activity_and_fitness",
    "distance": "activity_and_fitness",
    "floors": "activity_and_fitness",
    "weight": "health_metrics_and_measurements",
    "height": "health_metrics_and_measurements",
    "body-fat": "health_metrics_and_measurements",
    "sleep": "sleep",
}


@dataclass
class GoogleSimulator(CloudSimulator):
    """`points` are the data points of each type, by their place in the order of times.

    `exercises` are those that were created, by their ids.

    Data types in `forbidden` are answered with 403.
    """

    account: str = "1234567890"
    forbidden: set[str] = field(default_factory=set[str])
    points: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    exercises: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    webhook_secret: str = "Bearer of-the-simulator"  # noqa: S105  of nobody
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    name = "Google Health"
    authorize_path = "/o/oauth2/v2/auth"

    def public_key(self) -> bytes:
        """Return the key that verifies webhooks, in PEM."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def walk(self, start: datetime, end: datetime, steps: int) -> None:
        """Add steps of a period."""
        interval = {"startTime": start.isoformat(), "endTime": end.isoformat()}
        self._add("steps", {"steps": {"interval": interval, "count": str(steps)}})

    def weigh(self, at: datetime, grams: float, name: str) -> None:
        """Add or correct a weight, which has a name."""
        points = self.points.setdefault("weight", [])
        points[:] = [each for each in points if each["dataPointName"] != name]
        content = {"sampleTime": {"physicalTime": at.isoformat()}, "weightGrams": grams}
        self._add("weight", {"dataPointName": name, "weight": content})

    def _add(self, data_type: str, point: dict[str, Any]) -> None:
        source = {"device": {"displayName": "Pixel Watch"}}
        self.points.setdefault(data_type, []).append({"dataSource": source, **point})

    def webhook(self, data_type: str = "steps", account: str | None = None) -> Sent:
        """Return a signed webhook about new records."""
        data = {
            "version": "1",
            "healthUserId": account or self.account,
            "operation": "UPSERT",
            "dataType": data_type,
        }
        body = json.dumps({"data": data}).encode()
        signature = self.key.sign(body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "Authorization": self.webhook_secret,
            "GOOGLE-HEALTH-API-SIGNATURE": base64.b64encode(signature).decode(),
        }
        return Sent(body, headers=headers)

    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        if call.path == "/v4/users/me/identity":
            return Reply.of(200, {"name": "users/me/identity", "healthUserId": self.account})
        if call.path == EXERCISES and call.method == "POST":
            return self._create(json.loads(call.body), tokens)
        found = POINTS.fullmatch(call.path)
        period = FILTER.fullmatch(call.query.get("filter", ""))
        if found is None or period is None:
            return Reply.of(400, {"error": {"status": "INVALID_ARGUMENT"}})
        has_scope = any(f"{SCOPE_OF[found[1]]}.readonly" in scope for scope in tokens.scopes)
        if found[1] in self.forbidden or not has_scope:
            return Reply.of(403, {"error": {"status": "PERMISSION_DENIED"}})
        start, end = (datetime.fromisoformat(period[number]) for number in (2, 3))
        points = [each for each in self.points.get(found[1], ()) if start <= _time(each) < end]
        first = int(call.query.get("pageToken", "0"))
        last = first + min(self.page_size, int(call.query["pageSize"]))
        more = {"nextPageToken": str(last)} if last < len(points) else {}
        return Reply.of(200, {"dataPoints": points[first:last], **more})

    def _create(self, point: Mapping[str, Any], tokens: Tokens) -> Reply:
        """Create an exercise under the id of the client, once."""
        if not any("activity_and_fitness.writeonly" in scope for scope in tokens.scopes):
            return Reply.of(403, {"error": {"status": "PERMISSION_DENIED"}})
        parent, _, name = point["name"].rpartition("/")
        exercise = point["exercise"]
        needed = {"interval", "exerciseType", "displayName", "metricsSummary"}
        if f"/v4/{parent}" != EXERCISES or not POINT_ID.fullmatch(name) or needed - {*exercise}:
            return Reply.of(400, {"error": {"status": "INVALID_ARGUMENT"}})
        if name in self.exercises:
            return Reply.of(409, {"error": {"status": "ALREADY_EXISTS"}})
        self.exercises[name] = exercise
        return Reply.of(200, {"done": True, "response": point})

    def end_tokens(self, call: Call) -> Reply | None:
        if call.path != "/revoke":
            return None
        token, before = call.form().get("token"), len(self.consents)
        self.consents = [each for each in self.consents if token not in (each.refresh, each.access)]
        if len(self.consents) == before:
            return Reply.of(400, {"error": "invalid_token"})
        return Reply.of(200, {})


def _time(point: Mapping[str, Any]) -> datetime:
    """Return the time by which points of a type are filtered."""
    (content,) = (
        each for name, each in point.items() if name not in ("dataSource", "dataPointName")
    )
    if "sampleTime" in content:
        return datetime.fromisoformat(content["sampleTime"]["physicalTime"])
    name = "endTime" if "sleep" in point else "startTime"
    return datetime.fromisoformat(content["interval"][name])
