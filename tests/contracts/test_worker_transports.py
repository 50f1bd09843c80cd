"""Worker transports report timeouts, wrong secrets and oversized requests."""

import asyncio
from threading import Event
from typing import Any

import numpy as np
import pytest

from adapters.rpc.in_process import InProcessClient
from application.kernel.ports import StorageUnavailable
from application.kernel.rpc import MAX_REQUEST_BYTES, RpcServer, WorkersUnavailable, WrongSecret
from application.live.replies import LiveReply
from application.live.worker_contract import METHODS, TRACK_CHUNK, LiveChunk
from tests.contracts.rpc_requests import changed, chunks, questions, refusal
from tests.contracts.rpc_transports import (
    SECRET,
    WITHIN_S,
    Way,
    over_grpc,
    over_http,
    workers,
)
from tests.live.session_fixture import SessionFixture

CALLED: tuple[Way, ...] = ("in-process", "http", "grpc")
REMOTE: tuple[Way, ...] = ("http", "grpc")
OVER = {"http": over_http, "grpc": over_grpc}


class Slow:
    """Workers that respond only when the test allows it."""

    def __init__(self) -> None:
        self.go = Event()
        self.answering = RpcServer({TRACK_CHUNK: self._watch}, secret=SECRET)

    def _watch(self, _chunk: LiveChunk) -> LiveReply:
        self.go.wait(WITHIN_S)
        raise StorageUnavailable


@pytest.mark.parametrize("way", CALLED)
def test_a_call_past_its_deadline_reports_no_answer(way: Way) -> None:
    """C-54: on the bus, a delayed response is still received."""
    slow = Slow()

    async def expect_timeout(call: Any) -> None:
        try:
            with pytest.raises(WorkersUnavailable):
                await call(TRACK_CHUNK, chunks()[0], 0.1)
        finally:
            slow.go.set()

    async def main() -> None:
        if way == "in-process":
            await expect_timeout(InProcessClient(slow.answering).call)
            return
        async with OVER[way](slow.answering) as line:
            await expect_timeout(line.call)

    asyncio.run(main())


@pytest.mark.parametrize("way", CALLED)
def test_an_unavailable_store_counts_as_no_answer(way: Way) -> None:
    slow = Slow()
    slow.go.set()

    async def main() -> None:
        if way == "in-process":
            with pytest.raises(WorkersUnavailable):
                await InProcessClient(slow.answering).call(TRACK_CHUNK, chunks()[0], WITHIN_S)
            return
        async with OVER[way](slow.answering) as line:
            with pytest.raises(WorkersUnavailable):
                await line.call(TRACK_CHUNK, chunks()[0], WITHIN_S)

    asyncio.run(main())


@pytest.mark.parametrize("secret", [None, "open sesam", "open sesame2"])
@pytest.mark.parametrize("way", REMOTE)
def test_a_wrong_secret_is_refused(way: Way, secret: str | None) -> None:
    """R-POS-09: for every request."""

    async def main() -> None:
        fixture = SessionFixture()
        before = fixture.log.head()
        async with OVER[way](workers(fixture), secret=secret) as line:
            for method, question in zip(METHODS, questions(), strict=True):
                refused = await refusal(line.call(method, question, WITHIN_S))
                assert (refused.refusal, refused.sort) == (
                    "worker.secret_wrong",
                    "unauthenticated",
                )
        assert fixture.log.head() == before

    asyncio.run(main())


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Basic open sesame", "open sesame", "Bearer öffne dich"]
)
def test_only_the_exact_secret_is_accepted(said: str) -> None:
    """R-POS-09."""
    answering = workers(SessionFixture())
    with pytest.raises(WrongSecret):
        answering.admit(said)
    answering.admit(f"bearer {SECRET}")
    RpcServer({}).admit(said)  # without a secret


@pytest.mark.parametrize("way", REMOTE)
def test_an_oversized_question_is_refused(way: Way) -> None:
    """C-54."""

    async def main() -> None:
        async with OVER[way](workers(SessionFixture())) as line:
            refused = await refusal(line.send(TRACK_CHUNK, b" " * (MAX_REQUEST_BYTES + 1)))
            assert refused.sort == "invalid"
            assert refused.refusal in {"http.413", "grpc.resource_exhausted"}

    asyncio.run(main())


@pytest.mark.parametrize("way", REMOTE)
def test_the_longest_chunk_that_there_may_be_is_read(way: Way) -> None:
    rows = np.random.default_rng(1).random((600, 33, 4), np.float32)
    longest = changed(
        chunks()[0], times_s=np.arange(600) / 60.0, image=rows, world=rows[:, :, :3] + 0.0
    )

    async def main() -> None:
        async with OVER[way](workers(SessionFixture())) as line:
            assert (await line.call(TRACK_CHUNK, longest, WITHIN_S)).sequence == 1

    asyncio.run(main())


@pytest.mark.parametrize("way", REMOTE)
def test_a_process_does_not_report_the_health_of_remote_workers(way: Way) -> None:
    nobody = RpcServer({}, secret=SECRET)

    async def main() -> None:
        async with OVER[way](nobody) as line:
            for method, question in zip(METHODS, questions(), strict=True):
                refused = await refusal(line.call(method, question, WITHIN_S))
                assert refused.refusal == "worker.not_served"

    asyncio.run(main())
