"""Simulator of Strava: activities in pages, and webhooks signed with HMAC."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply, Sent


@dataclass
class StravaSimulator(CloudSimulator):
    """`activities` are those of one athlete, by id."""

    athlete: int = 4711
    activities: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    verify_token: str = "simulated"  # noqa: S105  of nobody

    name = "Strava"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105  a path
    separator = ","

    def move(self, activity: int, start: datetime, seconds: int, meters: float) -> None:
        """Add an activity, or correct one."""
        self.activities[activity] = {
            "id": activity,
            "start_date": start.isoformat(),
            "elapsed_time": seconds + 30,
            "moving_time": seconds,
            "distance": meters,
            "average_heartrate": 141.5,
            "device_name": "Garmin Edge",
        }

    def webhook(self, aspect: str = "create", activity: int = 1) -> Sent:
        """Return a signed webhook about an activity."""
        return self._signed(
            {
                "object_type": "activity",
                "object_id": activity,
                "aspect_type": aspect,
                "owner_id": self.athlete,
                "updates": {},
            }
        )

    def withdrawal(self) -> Sent:
        """Return a signed webhook about the end of the consent."""
        return self._signed(
            {
                "object_type": "athlete",
                "object_id": self.athlete,
                "aspect_type": "update",
                "owner_id": self.athlete,
                "updates": {"authorized": "false"},
            }
        )

    def _signed(self, content: Mapping[str, Any]) -> Sent:
        body, at = json.dumps(content).encode(), int(self.clock().timestamp())
        proof = hmac.new(self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
        return Sent(body, headers={"X-Strava-Signature": f"t={at},v1={proof.hexdigest()}"})

    def answers_code(self) -> Mapping[str, Any]:
        return {"athlete": {"id": self.athlete}}

    def refusal(self, name: str) -> Reply:
        resource = {"code": "AuthorizationCode", "refresh_token": "RefreshToken"}[name]
        error = {"resource": resource, "field": name, "code": "invalid"}
        return Reply.of(400, {"message": "Bad Request", "errors": [error]})

    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        if call.path != "/api/v3/athlete/activities":
            return Reply.of(404, {"message": "Record Not Found"})
        if "activity:read_all" not in tokens.scopes:
            return Reply.of(401, {"message": "Authorization Error"})
        after, before = (int(call.query[name]) for name in ("after", "before"))
        times = {
            key: datetime.fromisoformat(each["start_date"]).timestamp()
            for key, each in self.activities.items()
        }
        found = [self.activities[key] for key, at in sorted(times.items()) if after < at < before]
        first = (int(call.query["page"]) - 1) * self.page_size
        return Reply(200, json.dumps(found[first : first + self.page_size]).encode())

    def end_tokens(self, call: Call) -> Reply | None:
        if call.path != "/oauth/deauthorize":
            return None
        token, before = call.form().get("access_token"), len(self.consents)
        self.consents = [each for each in self.consents if each.access != token]
        return Reply.of(401 if len(self.consents) == before else 200, {})
