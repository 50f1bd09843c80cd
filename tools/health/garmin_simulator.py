"""Simulator of the Garmin Health API: permissions, pings with addresses, pushes, and histories.

Webhooks have no signature; their address has a secret. A history is answered with 202 and sent by
webhook, once per period.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply, Sent

USER: Final = "/partner-gateway/rest/user"
SUMMARIES: Final = "/wellness-api/rest"
PERMISSIONS: Final = ("ACTIVITY_EXPORT", "HEALTH_EXPORT", "HISTORICAL_DATA_EXPORT")
LONGEST_PULL_S: Final = 86_400


@dataclass
class GarminSimulator(CloudSimulator):
    """`summaries` are those of one person, by kind and id. `histories` are periods requested."""

    person: str = "c2d7e1a4-08a7-4f3c-9c55-0b1d9a6f7e21"
    permissions: tuple[str, ...] = PERMISSIONS
    summaries: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=dict[str, dict[str, dict[str, Any]]]
    )
    pull_tokens: set[str] = field(default_factory=set[str])
    histories: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    webhook_secret: str = "of-the-simulator"  # noqa: S105  of nobody

    name = "Garmin"
    authorize_path = "/oauth2Confirm"
    token_path = "/di-oauth2-service/oauth/token"  # noqa: S105  a path

    def walk(self, start: datetime, steps: int) -> None:
        """Add the summary of a day, or correct it."""
        day = f"{start:%Y-%m-%d}"
        self._add(
            "dailies",
            day,
            {
                "calendarDate": day,
                "startTimeInSeconds": int(start.timestamp()),
                "startTimeOffsetInSeconds": int((start.utcoffset() or timedelta()).total_seconds()),
                "durationInSeconds": 3600,
                "steps": steps,
                "moderateIntensityDurationInSeconds": 600,
                "vigorousIntensityDurationInSeconds": 300,
                "timeOffsetHeartRateSamples": {"15": 75, "30": 76},
            },
        )

    def sleep(self, start: datetime, deep_s: int, light_s: int) -> None:
        """Add a night, or correct it."""
        day = f"{start:%Y-%m-%d}"
        self._add(
            "sleeps",
            day,
            {
                "calendarDate": day,
                "startTimeInSeconds": int(start.timestamp()),
                "durationInSeconds": deep_s + light_s + 60,
                "deepSleepDurationInSeconds": deep_s,
                "lightSleepDurationInSeconds": light_s,
                "awakeDurationInSeconds": 60,
                "validation": "ENHANCED_FINAL",
            },
        )

    def weigh(self, at: datetime, grams: int) -> None:
        """Add a weight."""
        seconds = int(at.timestamp())
        figures = {"measurementTimeInSeconds": seconds, "weightInGrams": grams}
        self._add("bodyComps", str(seconds), figures)

    def train(self, activity: str, start: datetime, seconds: int) -> None:
        """Add an activity, or correct it."""
        self._add(
            "activities",
            activity,
            {
                "startTimeInSeconds": int(start.timestamp()),
                "durationInSeconds": seconds,
                "averageHeartRateInBeatsPerMinute": 131,
                "distanceInMeters": 5000.0,
                "deviceName": "Forerunner 965",
            },
        )

    def _add(self, kind: str, key: str, content: Mapping[str, Any]) -> None:
        named = {"summaryId": key, "userId": self.person}
        self.summaries.setdefault(kind, {})[key] = {**named, **content}

    def push(self, *kinds: str) -> Sent:
        """Return a webhook with summaries."""
        return self.signed({kind: list(self.summaries[kind].values()) for kind in kinds})

    def ping(self, *kinds: str) -> Sent:
        """Return a webhook with addresses of summaries."""
        return self.signed({kind: [self.address(kind)] for kind in kinds})

    def address(self, kind: str) -> dict[str, Any]:
        """Return a new address of the summaries of a kind, as a ping has it."""
        now, token = int(self.clock().timestamp()), secrets.token_urlsafe(12)
        self.pull_tokens.add(token)
        period = {"uploadStartTimeInSeconds": now - 60, "uploadEndTimeInSeconds": now}
        query = urlencode({**period, "token": token})
        return {"userId": self.person, "callbackURL": f"{self.url}{SUMMARIES}/{kind}?{query}"}

    def deregistration(self) -> Sent:
        """Return a webhook about the end of the grant."""
        return self.signed({"deregistrations": [{"userId": self.person}]})

    def permission_change(self) -> Sent:
        """Return a webhook about the permissions of the person."""
        changed = {"userId": self.person, "permissions": list(self.permissions)}
        return self.signed({"userPermissionsChange": [changed]})

    def signed(self, content: Mapping[str, Any]) -> Sent:
        """Return a webhook from our client. Its address has the secret besides."""
        body = json.dumps(content).encode()
        return Sent(body, headers={"garmin-client-id": self.client_id})

    def show(self, call: Call) -> Reply | None:
        """Show the page; the permissions that are kept there are those of the person."""
        if call.path != self.authorize_path:
            return None
        if call.method == "POST" and (kept := call.form().get("scopes")):
            self.permissions = tuple(kept.split())
        call.query.setdefault("scope", "")
        return super().show(call)

    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        del tokens
        if call.path == f"{USER}/id":
            return Reply.of(200, {"userId": self.person})
        if call.path == f"{USER}/permissions":
            return Reply.of(200, {"permissions": list(self.permissions)})
        if (call.method, call.path) == ("DELETE", f"{USER}/registration"):
            self.consents.clear()
            return Reply(204, b"")
        kind = call.path.removeprefix(f"{SUMMARIES}/")
        if kind.startswith("backfill/"):
            return self._history(kind.removeprefix("backfill/"), call.query)
        return self._pull(kind, call.query)

    def _pull(self, kind: str, query: Mapping[str, str]) -> Reply:
        start, end = (int(query.get(f"upload{name}TimeInSeconds", 0)) for name in ("Start", "End"))
        if query.get("token") not in self.pull_tokens or not 0 <= end - start <= LONGEST_PULL_S:
            return Reply.of(400, {"errorMessage": "InvalidPullTokenException"})
        found = list(self.summaries.get(kind, {}).values())
        return Reply(200, json.dumps(found).encode())

    def _history(self, kind: str, query: Mapping[str, str]) -> Reply:
        start, end = (int(query[f"summary{name}TimeInSeconds"]) for name in ("Start", "End"))
        if "HISTORICAL_DATA_EXPORT" not in self.permissions:
            return Reply.of(412, {"errorMessage": "User has not granted historical data"})
        if (kind, start, end) in self.histories:
            return Reply.of(409, {"errorMessage": "duplicate backfill"})
        if end - start > timedelta(days=31).total_seconds():
            return Reply.of(400, {"errorMessage": "period too long"})
        self.histories.append((kind, start, end))
        if self.summaries.get(kind):
            self.send(self.ping(kind))
        return Reply(202, b"")

    def end_tokens(self, call: Call) -> Reply | None:
        del call
        return None
