"""Client of GraphQL subscriptions by WebSocket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient, WebSocketTestSession

from application.kernel.command_handler import Request
from domain.ids import ExerciseId, UserId
from domain.sessions import commands
from domain.sessions.session import SESSION
from tests.api.driver import AT, DEVICE, ApiDriver
from tests.api.listening import Events, Listening
from tests.api.people import Person

PROTOCOL = "graphql-transport-ws"
WHOLE = """
subscription($session: ID!, $after: String) {
  sessionProgress(sessionId: $session, after: $after) {
    cursor
    progress {
      __typename
      ... on SetStarted { set exerciseId targetRepetitions loadKg }
      ... on RepetitionCounted { number startedMs endedMs faults }
      ... on FormMeasured { repetition form }
      ... on CueGiven { fault cue atMs }
      ... on ModeChanged { mode }
      ... on SessionCompleted { at repetitions score }
    }
  }
}
"""
CUES = """
subscription($session: ID!, $after: String) {
  cues(sessionId: $session, after: $after) { cursor cue { repetition fault cue atMs } }
}
"""
SQUATS = commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE)


class Socket:
    """Client side of an acknowledged WebSocket."""

    def __init__(self, raw: WebSocketTestSession, payload: dict[str, str] | None = None) -> None:
        self.raw = raw
        self._next = 0
        raw.send_json({"type": "connection_init", "payload": payload or {}})
        assert raw.receive_json() == {"type": "connection_ack"}

    def subscribe(self, document: str, **variables: Any) -> str:
        return self.send({"query": document, "variables": variables})

    def send(self, payload: dict[str, Any]) -> str:
        """Subscribe, and return the name of the subscription."""
        self._next += 1
        self.raw.send_json({"id": str(self._next), "type": "subscribe", "payload": payload})
        return str(self._next)

    def receive(self) -> Any:
        return self.raw.receive_json()

    def results(self, document: str, **variables: Any) -> list[Any]:
        """Subscribe, and return all results until completion."""
        name = self.subscribe(document, **variables)
        found: list[Any] = []
        while (message := self.receive())["type"] != "complete":
            assert (message["id"], message["type"]) == (name, "next"), message
            assert "errors" not in message["payload"], message
            (result,) = message["payload"]["data"].values()
            found.append(result)
        return found

    def refusal(self, document: str, **variables: Any) -> Any:
        """Subscribe, expect a rejection, and return its error."""
        return self.refusal_of({"query": document, "variables": variables})

    def refusal_of(self, payload: dict[str, Any]) -> Any:
        self.send(payload)
        message = self.receive()
        if message["type"] == "error":
            (error,) = message["payload"]
        else:
            (error,) = message["payload"]["errors"]
            assert self.receive()["type"] == "complete"
        return error


@contextmanager
def socket(
    client: TestClient, payload: dict[str, str] | None = None, **headers: str
) -> Iterator[Socket]:
    with client.websocket_connect("/graphql", subprotocols=[PROTOCOL], headers=headers) as raw:
        accepted: Any = raw.accepted_subprotocol
        assert accepted == PROTOCOL
        yield Socket(raw, payload)


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": person.headers["Authorization"]}


def begun(driver: ApiDriver, session: str = "s") -> str:
    write(driver, session, commands.StartSession(athlete_id=UserId("ada"), at=AT))
    return session


def write(driver: ApiDriver, session: str, *wanted: commands.SessionCommand) -> None:
    driver.write(Request(SESSION, session, wanted))


def events(client: TestClient, document: str, **variables: Any) -> Events:
    body = json.dumps({"query": document, "variables": variables}).encode()
    headers = {"Accept": "text/event-stream", "Content-Type": "application/json"}
    listening = Listening(client.app, "/graphql", headers=headers, body=body)
    view = listening.listen()
    assert listening.status == 200
    return view
