"""API service: the operations of the pose coach, by their names."""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast
from uuid import uuid4

import httpx2

from examples.pose_coach.authentication_provider import AuthenticationProvider

SUMMARY: Final = "/api/workout/pose-summary"
SESSIONS: Final = "/v1/pose-coach/sessions"
ATTEMPTS: Final = 5
FIRST_PAUSE_S: Final = 0.5

Span = Literal["", "/today", "/week", "/month"]


@dataclass(frozen=True)
class Workout:
    """A stopped workout: `accuracy` is 0 to 1, `duration` in seconds."""

    exercise: str
    reps: int
    accuracy: float
    ended_at: datetime
    duration: int
    feedback_points: tuple[str, ...] = ()

    @property
    def timestamp(self) -> str:
        """Time of the end as both stores hold it, such as `2025-10-17T14:30:00.000Z`."""
        utc = self.ended_at.astimezone(UTC)
        return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Stats:
    """Figures of all sessions; `average_accuracy` is None without a session."""

    total_sessions: int
    total_reps: int
    average_accuracy: float | None
    total_duration: int


class ApiService:
    """Sends requests. Every method raises HTTPStatusError and, in the end, TransportError.

    `pause` waits for so many seconds, as `time.sleep` does.
    """

    def __init__(
        self, http: httpx2.Client, auth: AuthenticationProvider, *, pause: Callable[[float], None]
    ) -> None:
        self._http = http
        self._auth = auth
        self._pause = pause

    def send_workout_summary(self, workout: Workout) -> str:
        """Save a workout, once, and return the feedback on it."""
        content = asdict(workout)
        del content["ended_at"]
        body = {"user_id": self._auth.uid, "timestamp": workout.timestamp, **content}
        return str(self._send("POST", SUMMARY, json=body)["motivational_feedback"])

    def get_user_workout_sessions(self, span: Span = "") -> Sequence[dict[str, Any]]:
        """Return the newest sessions: of all time, today, this week or this month."""
        items = self._send("GET", f"{SESSIONS}{span}?first=100")["items"]
        return cast("list[dict[str, Any]]", items)

    def get_user_workout_stats(self) -> Stats:
        """Return the figures of all sessions."""
        found = self._send("GET", f"{SESSIONS}/stats")
        return Stats(
            total_sessions=found["totalSessions"],
            total_reps=found["totalReps"],
            average_accuracy=found["averageAccuracy"],
            total_duration=found["totalDuration"],
        )

    def follow_workout_sessions(self) -> Generator[dict[str, Any]]:
        """Yield the newest sessions with all figures: now, and after each change on any device."""
        stream = self._http.stream("GET", f"{SESSIONS}/events", headers=self._auth.headers)
        with stream as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))

    def delete_workout_session(self, session_id: str) -> bool:
        """Delete a session, and return whether it was there. It cannot be saved again."""
        try:
            return bool(self._send("DELETE", f"{SESSIONS}/{session_id}")["deleted"])
        except httpx2.HTTPStatusError as refusal:
            if refusal.response.status_code == httpx2.codes.NOT_FOUND:
                return False
            raise

    def _send(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """Send a request, and again with the same key while the server cannot be reached."""
        headers = {**self._auth.headers, "Idempotency-Key": str(uuid4())}
        for attempt in range(ATTEMPTS):
            try:
                answer = self._http.request(method, path, headers=headers, **content)
            except httpx2.TransportError:
                if attempt == ATTEMPTS - 1:
                    raise
                self._pause(FIRST_PAUSE_S * 2**attempt)
                continue
            answer.raise_for_status()
            return cast("dict[str, Any]", answer.json())
        raise AssertionError("unreachable")
