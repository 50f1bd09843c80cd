"""A pose worker without a broker."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
from faust.types import TP

from adapters.clock import utc_now
from adapters.live import pose_stream_codec
from application.live.image_analysis import AnalyzeImages, ImageAnalyzer
from domain.motion.landmarks import PoseChunk
from streams.pose_worker import PoseWorker
from streams.topic_names import Topics
from tests.live.stub_pose_estimator import Album
from tests.streams.videos import video
from tests.streams.worker_harness import Outbox, offline_app

PATIENCE_S = 60.0
TOPICS = Topics()
ALBUM = Album(
    PoseChunk(
        np.concatenate([chunk.times_s for chunk in video()]),
        np.concatenate([chunk.image for chunk in video()]),
        np.concatenate([chunk.world for chunk in video() if chunk.world is not None]),
        video()[0].aspect_ratio,
    )
)
LOOKED = ImageAnalyzer(ALBUM, ALBUM, time.monotonic).analyze


class WorkerHarness:
    """A worker with a stream that the test fills."""

    def __init__(self, folder: Path, look: AnalyzeImages | None = None) -> None:
        self.outbox = Outbox()
        app = offline_app(folder, self.outbox, TOPICS.pose_worker.name)
        self.worker = PoseWorker(
            app,
            topics=TOPICS,
            partitions=2,
            decode=pose_stream_codec.decode,
            clock=utc_now,
            analyze_images=look or LOOKED,
            without_pictures=pose_stream_codec.without_pictures,
        )

    def play(self, scene: Callable[[Any], Awaitable[None]]) -> None:
        async def main() -> None:
            await self.worker.follower.begin([TP(TOPICS.pose_stream, 0)])
            async with self.worker.agent.test_context() as agent:
                await scene(agent)
                await self._worked(agent.sent_offset)
                await self.worker.checkpoints.drain()

        asyncio.run(main())

    async def _worked(self, messages: int) -> None:
        """Wait until all messages are processed; pictures are analyzed in a thread."""
        source = TP(TOPICS.pose_stream, 0)
        async with asyncio.timeout(PATIENCE_S):
            while self.worker.follower.due.get(source, 0) < messages:  # noqa: ASYNC110  no event
                await asyncio.sleep(0.005)
