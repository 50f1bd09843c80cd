"""The doctor asks as clients do: of GraphQL, and with frames of a live session."""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from api.app import build_app
from application.live.chunk import FrameChunk, IngestChunk, SessionKey
from application.live.service import LiveClosed
from application.operations.principles.kernel import ACTOR, TENANT, WITHIN_S
from application.platform import Platform
from domain.ids import SessionId
from domain.kernel import Origin
from domain.motion.landmarks import PoseChunk
from domain.sessions import events

QUERY: Final = "{ sessions(first: 100) { edges { node { sessionId } } } }"
REPETITIONS: Final = 3
FRAMES: Final = 15
"""Of a chunk: half a second."""
LOOK_S: Final = 0.1


def listed_sessions(platform: Platform) -> set[str]:
    """Ask GraphQL for the newest sessions of the doctor."""
    return asyncio.run(_listed(platform))


async def _listed(platform: Platform) -> set[str]:
    app = build_app(platform, web=Path(tempfile.gettempdir()))
    door = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=door, base_url="http://doctor") as http:
        asked = await http.post("/graphql", json={"query": QUERY}, headers={"X-Tenant-ID": TENANT})
    answer: Any = asked.json()
    return {edge["node"]["sessionId"] for edge in answer["data"]["sessions"]["edges"]}


def streamed_twice(platform: Platform, session: str) -> int | None:
    """Stream a set, every chunk twice, and wait until it is in the log; gives its repetitions.

    None where nobody is at work who counts.
    """
    try:
        answered = asyncio.run(_stream(platform, SessionKey(TENANT, SessionId(session))))
    except LiveClosed:
        return None
    is_entered = answered and asyncio.run(_entered(platform, session))
    return REPETITIONS if is_entered else None


async def _stream(platform: Platform, key: SessionKey) -> bool:
    """Give whether any chunk was answered by somebody who counts."""
    origin = Origin(tenant_id=TENANT, actor=ACTOR, correlation_id=platform.new_id())
    modes: set[str] = set()
    await platform.live.start()
    try:
        for message in _messages():
            for _ in range(2):
                command = IngestChunk(session=key, message=message)
                modes.add((await platform.live.ingest(command, origin)).taken.mode)
    finally:
        await platform.live.stop()
    return "live" in modes


async def _entered(platform: Platform, session: str) -> bool:
    """Wait until the set's end is in the log."""
    until = platform.clock() + timedelta(seconds=WITHIN_S)
    while platform.clock() < until:
        facts = platform.log.load(TENANT, f"session-{session}")
        if any(isinstance(each.event, events.SetCompleted) for each in facts):
            return True
        await asyncio.sleep(LOOK_S)
    return False


def _messages() -> Iterator[FrameChunk]:
    film = landmarks(Performance(exercise="squat", repetitions=REPETITIONS))
    for sequence, at in enumerate(range(0, len(film), FRAMES), start=1):
        part = slice(at, at + FRAMES)
        world = None if film.world is None else film.world[part]
        yield FrameChunk(
            set=1,
            sequence=sequence,
            exercise="squat",
            model="mannequin",
            last=at + FRAMES >= len(film),
            chunk=PoseChunk(film.times_s[part], film.image[part], world, film.aspect_ratio),
        )
