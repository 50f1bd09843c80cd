"""Live sessions are counted while they send something."""

import asyncio
from typing import Any, cast
from uuid import uuid4

from adapters.telemetry.instrumented_live import SILENCE_S, InstrumentedTransport
from adapters.telemetry.metrics import PrometheusMetrics
from application.live.chunk import IngestChunk, SessionKey
from domain.ids import DEFAULT_TENANT, SessionId
from domain.kernel import Origin
from tests.streams.films import chunk_message

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())


class Sink:
    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, *_: Any) -> Any: ...

    def latest_set(self, *_: Any) -> int:
        return 0


def test_a_session_counts_as_active_until_it_is_idle_for_long() -> None:
    """R-OPS-02."""
    now = 100.0
    metrics = PrometheusMetrics(process="test", version="0")
    driver = InstrumentedTransport(cast("Any", Sink()), metrics, timer=lambda: now)

    def sent(session: str) -> int:
        key = SessionKey(DEFAULT_TENANT, SessionId(session))
        asyncio.run(driver.send(IngestChunk(session=key, message=chunk_message(1)), ORIGIN))
        return driver.sessions()

    assert [sent("a"), sent("b"), sent("a")] == [1, 2, 2]
    assert "kinelog_live_sessions 2.0" in metrics.exposed().decode()
    now += SILENCE_S + 1
    assert driver.sessions() == 0
    assert [sent("c"), sent("c")] == [1, 1]
    assert driver._seen.keys() == {str(SessionKey(DEFAULT_TENANT, SessionId("c")))}
