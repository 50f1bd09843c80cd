"""What workers are asked in tests, and what the fold itself would answer."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest

from application.kernel.rpc import CallRefused
from application.live.replies import LiveReply
from application.live.tracker import LiveSession, Told, apply
from application.live.worker_contract import WATCH
from application.live.worker_handlers import chunk_of
from application.live.worker_messages import DetectedFact, LiveChunk, Noticed
from domain.motion import facts as motion
from streams.codecs import write_fact
from streams.detection_codec import read, write
from streams.reply_codec import write_reply
from tests.contracts.ways import (
    WITHIN_S,
)
from tests.live.gym import KEY
from tests.live.takes import take


def chunks(exercise: str = "squat") -> list[LiveChunk]:
    return [chunk_of(one.session, one.message) for one in take("s", exercise=exercise)]


def changed(chunk: LiveChunk, **fields: Any) -> LiveChunk:
    return replace(chunk, **fields)


def folded() -> tuple[list[bytes], list[Told]]:
    """What the fold itself answers to a set, and tells."""
    session: LiveSession | None = None
    replies: list[bytes] = []
    facts: list[Told] = []
    for asked in take("s"):
        applied = apply(session, asked.sequence, asked.message)
        session = applied.session
        replies.append(write_reply(LiveReply.worked(KEY, asked.message, applied)))
        facts += applied.told
    return replies, facts


def fact(number: int = 1) -> DetectedFact:
    told = folded()[1][number - 1]
    return read(DetectedFact, write_fact(KEY, told))


async def asked(line: Any, chunk: LiveChunk) -> bytes:
    return write(await line.call(WATCH, chunk, WITHIN_S))


async def refusal(call: Awaitable[Any]) -> CallRefused:
    with pytest.raises(CallRefused) as refused:
        await call
    return refused.value


def questions() -> tuple[Any, ...]:
    return (chunks()[0], KEY, fact(), Noticed("squat", b"", motion.PoseLost(1.0)))
