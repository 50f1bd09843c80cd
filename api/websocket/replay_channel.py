"""A conversation in which every message has a number, and says which one it has heard."""

import json
from typing import Any

from pydantic import ValidationError

from api.problem_details import internal_problem
from api.views.base import Body
from api.websocket.close_codes import problem_of
from api.websocket.connection import Connection
from api.websocket.replay_messages import OutOfSequence
from domain.kernel import Rejected


class Line:
    """The server's end of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._said = 0
        self._heard = 0

    def hear(self, number: int) -> None:
        """Take note of a message. Raises OutOfSequence."""
        if number <= self._heard:
            raise OutOfSequence
        self._heard = number

    async def say(self, kind: str, content: Body | dict[str, Any]) -> None:
        """Say something."""
        self._said += 1
        if isinstance(content, Body):
            content = content.model_dump(mode="json", by_alias=True)
        told = {"type": kind, "seq": self._said, "ack": self._heard, **content}
        await self._connection.say(json.dumps(told))

    async def refuse(self, refusal: Rejected | ValidationError, chunk: int | None = None) -> None:
        """Say why something was not done, or why a chunk was not sent."""
        problem = problem_of(self._connection.socket, refusal)
        await self.say("error", {"problem": problem, "chunk": chunk})

    async def fail(self) -> None:
        """Say that something went wrong, and nothing more of it."""
        problem = bytes(internal_problem(self._connection.socket).body)
        await self.say("error", {"problem": json.loads(problem), "chunk": None})
