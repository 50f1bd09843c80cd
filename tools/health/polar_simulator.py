"""Simulator of Polar AccessLink: registered people, training, nights, and signed webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply, Sent


@dataclass
class PolarSimulator(CloudSimulator):
    """`exercises` and `nights` are those of one person, who is registered before they are read."""

    lifetime: timedelta = timedelta(days=365)
    person: int = 475
    members: list[str] = field(default_factory=list[str])
    exercises: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    nights: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    webhook_secret: str = "of-the-simulator"  # noqa: S105  of nobody

    name = "Polar"
    authorize_path = "/oauth2/authorization"
    token_path = "/v2/oauth2/token"  # noqa: S105  a path

    def train(self, key: str, start: datetime, minutes: int, meters: float) -> None:
        """Add a training, or correct it. Its start is local."""
        self.exercises[key] = {
            "id": key,
            "device": "Polar Pacer",
            "start_time": start.astimezone().strftime("%Y-%m-%dT%H:%M:%S"),
            "start_time_utc_offset": _offset(start),
            "duration": f"PT{minutes // 60}H{minutes % 60}M0.500S",
            "distance": meters,
            "heart_rate": {"average": 129, "maximum": 147},
        }

    def sleep(self, start: datetime, light_s: int, deep_s: int) -> None:
        """Add a night, or correct it."""
        day = f"{start:%Y-%m-%d}"
        self.nights[day] = {
            "date": day,
            "sleep_start_time": start.isoformat(),
            "sleep_end_time": (start + timedelta(hours=8)).isoformat(),
            "light_sleep": light_s,
            "deep_sleep": deep_s,
            "rem_sleep": 0,
            "unrecognized_sleep_stage": 60,
        }

    def webhook(self) -> Sent:
        """Return a signed webhook about a training."""
        body = json.dumps({"event": "EXERCISE", "user_id": self.person}).encode()
        proof = hmac.new(self.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        return Sent(body, headers={"Polar-Webhook-Signature": proof})

    def token_form(self, call: Call) -> Mapping[str, str]:
        scheme, _, credentials = call.headers.get("authorization", "").partition(" ")
        decoded = base64.b64decode(credentials).decode() if scheme == "Basic" else ":"
        client, _, secret = decoded.partition(":")
        return call.form() | {"client_id": client, "client_secret": secret}

    def answers_code(self) -> Mapping[str, Any]:
        return {"x_user_id": self.person, "refresh_token": None}

    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        del tokens
        if (call.method, call.path) == ("POST", "/v3/users"):
            if self.members:
                return Reply.of(409, {})
            self.members.append(json.loads(call.body)["member-id"])
            return Reply.of(200, {"polar-user-id": self.person})
        if not self.members:
            return Reply.of(403, {})
        if call.path == "/v3/users/sleep":
            return Reply.of(200, {"nights": list(self.nights.values())})
        if call.path == "/v3/exercises":
            return Reply(200, json.dumps(list(self.exercises.values())).encode())
        if (call.method, call.path) == ("DELETE", f"/v3/users/{self.person}"):
            self.members.clear()
            self.consents.clear()
            return Reply(204, b"")
        return Reply.of(404, {})

    def end_tokens(self, call: Call) -> Reply | None:
        del call
        return None


def _offset(at: datetime) -> int:
    """Return the minutes of the local zone before UTC."""
    offset = at.astimezone().utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)
