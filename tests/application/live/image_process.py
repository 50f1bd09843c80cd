"""A process that analyzes images and can die."""

import asyncio
from functools import partial

from application.live.chunk import IngestChunk
from application.live.image_analysis import ImageAnalyzer, check_images
from application.live.service import ChunkResponse, LiveService
from tests.live.chunks import video
from tests.live.session_fixture import InMemoryStateStore, SessionFixture, local_transport, origin
from tests.live.stub_pose_estimator import Album

REPETITIONS = 4


class Process:
    """A process that can die; its state store is shared with the next one."""

    def __init__(self, fixture: SessionFixture, prefix: InMemoryStateStore, album: Album) -> None:
        handler = ImageAnalyzer(album, album, timer=lambda: 0.0)
        driver = local_transport(fixture, prefix, analyze_images=handler.analyze)
        self._live = LiveService(driver, timer=lambda: 0.0, check=partial(check_images, album))

    def send(self, chunk_command: IngestChunk) -> ChunkResponse:
        async def sent() -> ChunkResponse:
            answer = await self._live.ingest(chunk_command, origin())
            await self._live.stop()
            return answer

        return asyncio.run(sent())


def album() -> Album:
    return Album(video("squat", REPETITIONS))
