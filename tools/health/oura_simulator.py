"""Simulator of the Oura API: documents of days in pages, and webhooks signed with HMAC."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply, Sent


@dataclass
class OuraSimulator(CloudSimulator):
    """`documents` are those of one account, by collection and id."""

    account: str = "0f6c1d0e-oura"
    documents: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=dict[str, dict[str, dict[str, Any]]]
    )
    verify_token: str = "simulated"  # noqa: S105  of nobody

    name = "Oura"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105  a path

    def walk(self, start: datetime, steps: int) -> None:
        """Add the activity of a day that starts then, or correct it."""
        self._add("daily_activity", start, {"timestamp": start.isoformat(), "steps": steps})

    def sleep(self, start: datetime, seconds: int) -> None:
        """Add a night, or correct it."""
        end = start + timedelta(hours=8)
        times = {"bedtime_start": start.isoformat(), "bedtime_end": end.isoformat()}
        night = {"type": "long_sleep", "total_sleep_duration": seconds, "awake_time": 600}
        self._add("sleep", start, times | night)

    def train(self, start: datetime, seconds: int) -> None:
        """Add a workout, or correct it."""
        end = start + timedelta(seconds=seconds)
        times = {"start_datetime": start.isoformat(), "end_datetime": end.isoformat()}
        self._add("workout", start, {"activity": "cycling", **times})

    def _add(self, collection: str, start: datetime, content: dict[str, Any]) -> None:
        key = f"{collection}-{start:%Y%m%d}"
        document = {"id": key, "day": f"{start:%Y-%m-%d}", **content}
        self.documents.setdefault(collection, {})[key] = document

    def webhook(self) -> Sent:
        """Return a signed webhook about new records."""
        at = self.clock().isoformat()
        event = {"event_type": "update", "data_type": "sleep", "user_id": self.account}
        body = json.dumps(event).encode()
        proof = hmac.new(self.secret.encode(), at.encode() + body, hashlib.sha256).hexdigest()
        return Sent(body, headers={"x-oura-signature": proof.upper(), "x-oura-timestamp": at})

    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        name = call.path.removeprefix("/v2/usercollection/")
        scope = {"personal_info": "personal", "workout": "workout"}.get(name, "daily")
        if scope not in tokens.scopes:
            return Reply.of(403, {"detail": "Missing scope"})
        if name == "personal_info":
            return Reply.of(200, {"id": self.account})
        first, last = (date.fromisoformat(call.query[each]) for each in ("start_date", "end_date"))
        found = [
            each
            for each in self.documents.get(name, {}).values()
            if first <= date.fromisoformat(each["day"]) <= last
        ]
        place = int(call.query.get("next_token", "0"))
        end = place + self.page_size
        token = str(end) if end < len(found) else None
        return Reply.of(200, {"data": found[place:end], "next_token": token})

    def end_tokens(self, call: Call) -> Reply | None:
        if call.path != "/oauth/revoke":
            return None
        token = call.form().get("access_token")
        self.consents = [each for each in self.consents if each.access != token]
        return Reply.of(200, {})
