"""Message channel with sequence numbers and acknowledgements."""

import json
from typing import Any

from pydantic import ValidationError

from api.problem_details import internal_problem
from api.views.base import Body
from api.websocket.close_codes import problem_of
from api.websocket.connection import Connection
from api.websocket.replay_messages import OutOfSequence
from domain.kernel import Rejected


class SequencedChannel:
    """The server's end of a channel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent = 0
        self._received = 0

    def receive(self, number: int) -> None:
        """Record the number of a received message. Raises OutOfSequence."""
        if number <= self._received:
            raise OutOfSequence
        self._received = number

    async def send(self, kind: str, content: Body | dict[str, Any]) -> None:
        """Send a message."""
        self._sent += 1
        if isinstance(content, Body):
            content = content.model_dump(mode="json", by_alias=True)
        message = {"type": kind, "seq": self._sent, "ack": self._received, **content}
        await self._connection.send(json.dumps(message))

    async def refuse(self, refusal: Rejected | ValidationError, chunk: int | None = None) -> None:
        """Send an error: why a command or a chunk of frames was refused."""
        problem = problem_of(self._connection.socket, refusal)
        await self.send("error", {"problem": problem, "chunk": chunk})

    async def fail(self) -> None:
        """Send an internal error without details."""
        problem = bytes(internal_problem(self._connection.socket).body)
        await self.send("error", {"problem": json.loads(problem), "chunk": None})
