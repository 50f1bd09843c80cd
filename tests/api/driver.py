"""Driver of the API for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from application.kernel.command_handler import Request
from application.platform import Platform
from application.sessions.exercise_specs import exercise_specs
from domain.ids import DEFAULT_TENANT, ExerciseId, TenantId, UserId
from domain.kernel import Origin
from domain.recordings import commands as recordings
from domain.recordings.recording import RECORDING
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span, Tempo
from tests.api.stage import video_content

AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
DEVICE = CountedBy("device", "blazepose-full", 1)
TEMPO = Tempo(1.5, 0.25, 1.25, 0.5)
SPAN_MS = 4000


class ApiDriver:
    """Sends requests to the API of a platform."""

    def __init__(self, client: TestClient, platform: Platform) -> None:
        self.client = client
        self.platform = platform

    def ask(self, query: str, tenant: str = DEFAULT_TENANT, **variables: Any) -> Any:
        """Execute a GraphQL operation that succeeds, and return its data."""
        answer = self.answer(query, tenant, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def answer(self, query: str, tenant: str = DEFAULT_TENANT, **variables: Any) -> Any:
        """Execute a GraphQL operation, and return the whole response."""
        body = {"query": query, "variables": variables}
        response = self.client.post("/graphql", json=body, headers={"X-Tenant-ID": tenant})
        assert response.status_code == 200, response.text
        return response.json()

    def upload(
        self, content: bytes | None = None, headers: dict[str, str] | None = None, **fields: str
    ) -> Any:
        """Upload a video for analysis."""
        sent = video_content() if content is None else content
        return self.client.post(
            "/v1/sessions:analyze",
            files={"video": ("morning.mp4", sent, "video/mp4")},
            data=fields,
            headers=headers or {},
        )

    def over(self, job_id: str, tenant: str = DEFAULT_TENANT) -> Any:
        """Wait for the end of a job."""
        jobs, seen = self.platform.jobs, 0
        while True:
            job = jobs.wait(TenantId(tenant), UUID(job_id), after=seen, timeout_s=60)
            assert job.revision > seen, "the job stands still"
            seen = job.revision
            if job.is_over:
                return self.client.get(f"/v1/jobs/{job_id}", headers={"X-Tenant-ID": tenant}).json()

    def analyzed(self, exercise: str = "") -> str:
        """Analyze a video, and return the session's id."""
        job = self.over(self.upload(exercise=exercise).json()["id"])
        assert job["state"] == "succeeded", job["problem"]
        return str(job["sessionId"])

    def train(self, number: int, *, athlete: str = "ada", repetitions: int = 2) -> str:
        """Write a session of squats that begins `number` hours after the first possible one."""
        key = f"session-{number:03}"
        at = AT + timedelta(hours=number)
        span = Span(0, SPAN_MS * repetitions)
        self.write(
            Request(
                SESSION,
                key,
                [
                    commands.StartSession(athlete_id=UserId(athlete), at=at),
                    commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE),
                    *(repetition(each) for each in range(1, repetitions + 1)),
                    commands.RejectRepetition(set=1, span=Span(0, 900), reason="too_shallow"),
                    commands.NoteFault(
                        set=1, repetition=1, fault="knees_in", cue="Knees out.", at_ms=900
                    ),
                    commands.CompleteSet(set=1, span=span),
                    commands.CompleteSession(
                        at=at + timedelta(milliseconds=span.end_ms),
                        specs=exercise_specs(),
                    ),
                ],
            ),
            Request(
                RECORDING,
                key,
                [
                    recordings.StartRecording(
                        user_id=UserId(athlete),
                        session_id=key,  # type: ignore[arg-type]  # a session's id is a string
                        name=f"Take {number}",
                        aspect_ratio=1.5,
                        at=at,
                    ),
                    recordings.CompleteRecording(duration_ms=span.end_ms, at=at),
                ],
            ),
        )
        return key

    def write(self, *requests: Request) -> None:
        """Execute commands."""
        origin = Origin(
            tenant_id=DEFAULT_TENANT, actor="test", correlation_id=self.platform.new_id()
        )
        self.platform.commands.execute(*requests, origin=origin, command_id=self.platform.new_id())


def repetition(number: int) -> commands.CountRepetition:
    """Count a repetition of the first set, as the server does."""
    end_ms = SPAN_MS * number
    return commands.CountRepetition(
        source="server",
        set=1,
        number=number,
        span=Span(end_ms - SPAN_MS, end_ms),
        tempo=TEMPO,
        range_of_motion_deg=92.5,
        symmetry=0.9375,
        form=0.875,
        confidence=0.75,
        faults=("knees_in",) if number == 1 else (),
    )
