"""Simulator of Strava: activities in pages, and webhooks signed with HMAC."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from email.policy import default
from typing import Any, Final, cast

from fitdecode import CrcCheck, FitDataMessage, FitReader

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply, Sent

UPLOADS: Final = "/api/v3/uploads"


def multipart(call: Call) -> dict[str, bytes]:
    """Return the parts of a form with a file, by their names."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    message: Any = BytesParser(policy=default).parsebytes(head + call.body)
    return {
        each.get_param("name", header="content-disposition"): each.get_payload(decode=True)
        for each in message.iter_parts()
    }


@dataclass
class StravaSimulator(CloudSimulator):
    """`activities` are those of one athlete, by id. Uploads in `refused` cannot be read."""

    athlete: int = 4711
    activities: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    uploads: list[Mapping[str, bytes]] = field(default_factory=list[Mapping[str, bytes]])
    refused: set[str] = field(default_factory=set[str])
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
        if call.path.startswith(UPLOADS):
            return self._upload(call, tokens)
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

    def _upload(self, call: Call, tokens: Tokens) -> Reply:
        """Take a file, which is processed when the caller asks for it; or say what became of it."""
        if "activity:write" not in tokens.scopes:
            return Reply.of(401, {"message": "Authorization Error"})
        if call.method == "POST":
            form = multipart(call)
            self.uploads.append(form)
            return Reply.of(201, self._status(len(self.uploads), None, None))
        number = int(call.path.removeprefix(UPLOADS).strip("/"))
        sent = self.uploads[number - 1]
        mark = sent["external_id"].decode()
        if sent["file"] == b"" or mark in self.refused:
            return Reply.of(200, self._status(number, None, "Improperly formatted data."))
        same = (key for key, each in self.activities.items() if each.get("external_id") == mark)
        twice = next(same, None)
        if twice is not None:
            return Reply.of(200, self._status(number, None, f"duplicate of activity {twice}"))
        self._store(1000 + number, mark, sent)
        return Reply.of(200, self._status(number, 1000 + number, None))

    def _store(self, activity: int, mark: str, form: Mapping[str, bytes]) -> None:
        with FitReader(form["file"], check_crc=CrcCheck.RAISE) as frames:
            session: Any = next(
                each
                for each in frames
                if isinstance(each, FitDataMessage) and str(cast("Any", each).name) == "session"
            )
            start, seconds = (
                session.get_value(name) for name in ("start_time", "total_timer_time")
            )
        self.move(activity, start, int(seconds), 0.0)
        self.activities[activity] |= {
            "external_id": mark,
            "description": form["description"].decode(),
        }

    def _status(self, number: int, activity: int | None, error: str | None) -> dict[str, Any]:
        return {"id": number, "id_str": str(number), "error": error, "activity_id": activity}

    def end_tokens(self, call: Call) -> Reply | None:
        if call.path != "/oauth/deauthorize":
            return None
        token, before = call.form().get("access_token"), len(self.consents)
        self.consents = [each for each in self.consents if each.access != token]
        return Reply.of(401 if len(self.consents) == before else 200, {})
