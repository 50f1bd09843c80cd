"""Messages of a live session by WebSocket."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient, WebSocketTestSession

from application.live.chunk import IngestChunk
from application.live.chunk_codec import MEDIA_TYPE, encode
from tests.api.people import Person


def begun(client: TestClient, athlete: Person | None = None) -> str:
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    who, headers = ("ada", {}) if athlete is None else (athlete.id, athlete.headers)
    answer = client.post("/v1/sessions", json={"athleteId": who, "at": at}, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sessionId"])


def said(line: WebSocketTestSession, query: IngestChunk) -> dict[str, Any]:
    line.send_bytes(encode(query))
    return dict(line.receive_json())


def posted(client: TestClient, query: IngestChunk) -> dict[str, Any]:
    headers = {"Content-Type": MEDIA_TYPE}
    answer = client.post("/v1/workouts/streaming", content=encode(query), headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
