"""Client of event streams that reads incrementally, which Starlette's test client cannot."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

Events = list[dict[str, Any]]


def nothing(_events: Events) -> None:
    """Ignore the events."""


@dataclass
class Listening:
    """One request to an application, on an event loop that ends with it."""

    app: Any
    path: str
    query: dict[str, str] = field(default_factory=dict[str, str])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def ended(self) -> bool:
        return bool(self.messages) and self.messages[-1].get("more_body") is False

    @property
    def events(self) -> Events:
        """Return the events received so far, with decoded data."""
        events: Events = []
        for block in self.text.split("\r\n\r\n"):
            lines = [line for line in block.split("\r\n") if line and not line.startswith(":")]
            said: dict[str, Any] = dict(line.split(": ", 1) for line in lines if ": " in line)
            if said.get("data"):
                said["data"] = json.loads(said["data"])
            if said:
                events.append(said)
        return events

    def listen(self, heard: Callable[[Events], object] = nothing) -> Events:
        """Listen to the end; `heard` gets all events so far, each time more arrive."""
        asyncio.run(asyncio.wait_for(self._listen(heard), timeout=120))
        return self.events

    async def _listen(self, heard: Callable[[Events], object]) -> None:
        gone = asyncio.Event()
        sent = False

        async def send(message: dict[str, Any]) -> None:
            self.messages.append(message)
            if message["type"] == "http.response.body":
                await asyncio.to_thread(heard, self.events)

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": self.body or b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET" if self.body is None else "POST",
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": urlencode(self.query).encode(),
            "headers": [
                (name.lower().encode(), said.encode()) for name, said in self.headers.items()
            ],
            "server": ("test", 80),
            "client": ("test", 1),
            "state": {},
        }
        await self.app(scope, receive, send)
