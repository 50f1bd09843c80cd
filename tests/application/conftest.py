"""Fixtures of use cases: an event log in memory, and fake videos instead of a camera."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from adapters.media import pose_chunk_codec
from adapters.media.filesystem import FolderMediaStore
from application.analysis.video_analyzer import AnalysisRequest, AnalysisResult, VideoAnalyzer
from application.kernel.command_handler import CommandHandler
from application.recordings.pose_archive import PoseArchive
from application.sessions.history import SessionHistory
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.stage import Stage, video_content
from tests.golden.examples import CODEC

NOW = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)


@dataclass
class AnalysisFixture:
    """An analyzer with its stores, and videos to analyze."""

    folder: Path
    stage: Stage
    log: MemoryEventLog
    media: FolderMediaStore
    history: SessionHistory
    analyzer: VideoAnalyzer

    def video(self, exercise: str = "squat", repetitions: int = 3, take: int = 1) -> Path:
        path = self.folder / f"{exercise}-{repetitions}-{take}.mp4"
        path.write_bytes(video_content(exercise, repetitions, take))
        return path

    def analyze(
        self,
        video: Path,
        *,
        exercise: str | None = "squat",
        athlete: str = "ada",
        key: str = "",
        target: int | None = None,
    ) -> AnalysisResult:
        analysis = AnalysisRequest(
            video=video,
            exercise=exercise,
            athlete_id=UserId(athlete),
            key=key,
            target_repetitions=target,
        )
        return self.analyzer.analyze(analysis, origin=origin(), progress=lambda _: None)


def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=new_id())


@pytest.fixture
def analysis(tmp_path: Path) -> AnalysisFixture:
    stage = Stage()
    log = MemoryEventLog(clock=lambda: NOW, new_id=new_id, codec=CODEC)
    media = FolderMediaStore(tmp_path / "media")
    archive = PoseArchive(media, pose_chunk_codec.encode, pose_chunk_codec.decode)
    analyzer = VideoAnalyzer(
        decoder=stage,
        estimator=stage,
        log=log,
        commands=CommandHandler(log, settled=lambda _: None),
        media=media,
        archive=archive,
        clock=lambda: NOW,
    )
    return AnalysisFixture(tmp_path, stage, log, media, SessionHistory(log, archive), analyzer)
