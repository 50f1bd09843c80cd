"""Requests to workers, and the replies of the fold itself."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from application.analytics.rollups import RollupRequest
from application.intents import Utterance
from application.kernel.rpc import CallRejected
from application.live.replies import LiveReply
from application.live.tracker import Detection, TrackerState, track
from application.live.worker_contract import TRACK_CHUNK, CueRequest, DetectedFact, LiveChunk
from application.live.worker_handlers import to_live_chunk
from domain.ids import DEFAULT_TENANT
from domain.motion import facts as motion
from streams.codecs import encode_detection
from streams.json_codec import read, write
from tests.contracts.rpc_transports import (
    WITHIN_S,
)
from tests.live.chunks import take
from tests.live.session_fixture import KEY


def chunks(exercise: str = "squat") -> list[LiveChunk]:
    return [to_live_chunk(one.session, one.message) for one in take("s", exercise=exercise)]


def changed(chunk: LiveChunk, **fields: Any) -> LiveChunk:
    return replace(chunk, **fields)


def folded() -> tuple[list[bytes], list[Detection]]:
    """Return the replies and detections of the fold itself for a set."""
    session: TrackerState | None = None
    replies: list[bytes] = []
    facts: list[Detection] = []
    for request in take("s"):
        applied = track(session, request.sequence, request.message)
        session = applied.session
        replies.append(write(LiveReply.processed(request, applied)))
        facts += applied.detections
    return replies, facts


def fact(number: int = 1) -> DetectedFact:
    detection = folded()[1][number - 1]
    return read(DetectedFact, encode_detection(KEY, detection))


async def send(line: Any, chunk: LiveChunk) -> bytes:
    return write(await line.call(TRACK_CHUNK, chunk, WITHIN_S))


async def refusal(call: Awaitable[Any]) -> CallRejected:
    with pytest.raises(CallRejected) as refused:
        await call
    return refused.value


def questions() -> tuple[Any, ...]:
    return (
        chunks()[0],
        KEY,
        fact(),
        CueRequest("squat", b"", motion.PoseLost(1.0)),
        Utterance("pause please"),
        RollupRequest(DEFAULT_TENANT, date(2030, 1, 31)),
    )
