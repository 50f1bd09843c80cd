"""Client that saves a session of the pose coach, checks what each store has, and deletes it."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import httpx2

from adapters.api_client.json_responses import read_object
from application.pose_coach.checklist import CheckedPoint, Observed, check
from application.pose_coach.stores import to_timestamp
from application.users.errors import SignInRequired
from domain.kernel import Rejected

ONLY_PERSON: Final = "athlete"
"""Key of the pose coach where nobody signs in."""

SUMMARY: Final = "/api/workout/pose-summary"
SESSIONS: Final = "/v1/pose-coach/sessions"
PAUSE_S: Final = 0.2

TRIED: Final = frozenset({"saved", "retrying", "waiting", "failed"})
"""States of a session in a store that has at least tried to save it."""

Json = Mapping[str, Any]


class DeploymentUnreachable(Rejected):
    """The server did not answer, or not with JSON."""

    code = "pose_coach.deployment_unreachable"
    kind = "unavailable"


class SessionNotRemoved(Rejected):
    """The session that the check saved could not be deleted."""

    code = "pose_coach.check_not_removed"
    kind = "unavailable"


class PoseCoachCheck:
    """Checks a deployment as one user. `token` is None where nobody signs in.

    `patience_s` is how long both stores may take to save the session.
    """

    def __init__(
        self, http: httpx2.Client, *, tenant: str, token: str | None, patience_s: float
    ) -> None:
        self._http = http
        self._headers = {"X-Tenant-ID": tenant}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._has_token = token is not None
        self._patience_s = patience_s

    def run(self, at: datetime) -> Sequence[CheckedPoint]:
        """Check all points with a session that ended at this time, and delete it.

        Raises DeploymentUnreachable, SignInRequired and SessionNotRemoved.
        """
        uid = self._uid()
        timestamp = to_timestamp(at.astimezone(UTC))
        summary = {
            "user_id": uid,
            "exercise": "checklist",
            "reps": 1,
            "accuracy": 0.5,
            "timestamp": timestamp,
            "duration": 1,
            "feedback_points": ["Checklist"],
        }
        other = {**summary, "user_id": f"not-{uid}"[:100]}
        refused = self._request("POST", SUMMARY, json=other).status_code
        try:
            response = _json(self._request("POST", SUMMARY, json=summary))
            session = self._wait_for(timestamp)
            copies, path = self._copies(session)
        finally:
            self._remove(timestamp)
        return check(Observed(uid, summary, refused, response, session, copies, path))

    def _uid(self) -> str:
        if not self._has_token:
            return ONLY_PERSON
        return str(_json(self._request("GET", "/v1/auth/me")).get("poseCoachUid", ""))

    def _wait_for(self, timestamp: str) -> Json | None:
        """Return the session once both stores have tried to save it, or when patience ends."""
        deadline = time.monotonic() + self._patience_s
        while True:
            session = self._find(timestamp)
            is_tried = session is not None and {*session["sinks"].values()} <= TRIED
            if is_tried or time.monotonic() > deadline:
                return session
            time.sleep(PAUSE_S)

    def _find(self, timestamp: str) -> Json | None:
        page = _json(self._request("GET", f"{SESSIONS}?first=100"))
        found = (each for each in page.get("items", ()) if each["timestamp"] == timestamp)
        return next(found, None)

    def _copies(self, session: Json | None) -> tuple[dict[str, Json | None], str | None]:
        """Return what each store has, by its name, and the path of the document."""
        if session is None:
            return {}, None
        address = f"{SESSIONS}/{quote(str(session['sessionId']))}/copies"
        copies = _json(self._request("GET", address)).get("copies", ())
        paths = [each["path"] for each in copies if each["path"] is not None]
        return {each["store"]: each["content"] for each in copies}, next(iter(paths), None)

    def _remove(self, timestamp: str) -> None:
        try:
            session = self._find(timestamp)
            if session is None:
                return
            address = f"{SESSIONS}/{quote(str(session['sessionId']))}"
            answer = self._request("DELETE", address)
        except Rejected as obstacle:
            raise SessionNotRemoved(f"The session of {timestamp} is still there.") from obstacle
        if answer.status_code != HTTPStatus.OK:
            raise SessionNotRemoved(f"The session of {timestamp} is still there.")

    def _request(self, method: str, path: str, **content: Any) -> httpx2.Response:
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        try:
            answer = self._http.request(method, path, headers=headers, **content)
        except httpx2.TransportError as error:
            reason = type(error).__name__
            raise DeploymentUnreachable(f"The server cannot be reached: {reason}.") from error
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            raise SignInRequired
        return answer


def _json(answer: httpx2.Response) -> Json:
    """Return the object in a response. Raises DeploymentUnreachable."""
    return read_object(answer, DeploymentUnreachable)
