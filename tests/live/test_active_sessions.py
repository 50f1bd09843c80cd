"""Live sessions count as active while they send chunks."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from application.live.chunk import IngestChunk, SessionKey
from application.live.service import SILENCE_S, LiveService
from domain.ids import DEFAULT_TENANT, SessionId
from domain.kernel import Origin
from tests.streams.videos import chunk_message

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())


class Sink:
    async def send(self, *_: Any) -> Any:
        return SimpleNamespace(acknowledged=1, mode="live")


def test_a_session_counts_as_active_until_it_is_idle_for_long() -> None:
    """R-OPS-02."""
    now = 100.0
    live = LiveService(cast("Any", Sink()), lambda: now)

    def sent(session: str) -> int:
        key = SessionKey(DEFAULT_TENANT, SessionId(session))
        asyncio.run(live.ingest(IngestChunk(session=key, message=chunk_message(1)), ORIGIN))
        return live.active_sessions()

    assert [sent("a"), sent("b"), sent("a")] == [1, 2, 2]
    now += SILENCE_S + 1
    assert live.active_sessions() == 0
    assert [sent("c"), sent("c")] == [1, 1]
    assert live._sent_at.keys() == {SessionKey(DEFAULT_TENANT, SessionId("c"))}
