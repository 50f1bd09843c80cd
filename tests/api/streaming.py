"""A client that streams frames over HTTP."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

from application.live.chunk import IngestChunk
from application.live.chunk_codec import MEDIA_TYPE, encode
from tests.live.chunks import as_json

PATIENCE_S = 60.0
"""Timeout for the workers' reply, long enough for a slow machine."""


class StreamingClient:
    """A client of the API."""

    def __init__(self, client: TestClient) -> None:
        self.http = client

    def begin(
        self, session: str | None = None, tenant: str = "default", athlete: str = "ada"
    ) -> str:
        """Start a session one hour ago, because frames may not be older than their session."""
        body = {
            "athleteId": athlete,
            "at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
            "sessionId": session,
        }
        answer = self.post("/v1/sessions", body, tenant)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sessionId"])

    def post(self, path: str, body: Any, tenant: str = "default", key: str | None = None) -> Any:
        headers = {"X-Tenant-ID": tenant, **({"Idempotency-Key": key} if key else {})}
        return self.http.post(path, json=body, headers=headers)

    def stream(self, sent: IngestChunk, path: str = "/v1/workouts/streaming") -> Any:
        """Send a chunk as JSON, and return the response."""
        return self.post(path, as_json(sent), sent.session.tenant_id)

    def compact(self, sent: IngestChunk, path: str = "/workouts/streaming") -> Any:
        """Send a chunk in the compact format, and return the response."""
        headers = {"X-Tenant-ID": sent.session.tenant_id, "Content-Type": MEDIA_TYPE}
        return self.http.post(path, content=encode(sent), headers=headers)

    def complete(self, session: str) -> dict[str, Any]:
        """Complete a session as soon as its last set is in the log."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.post(f"/v1/sessions/{session}:complete", {}, key="the end")
            if answer.status_code != 409 or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def view(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    return dict(response.json())
