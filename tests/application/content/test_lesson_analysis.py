"""Analysis of published videos: resumed after crashes, deterministic, and never in the way."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from adapters.clock import new_id
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.content.encoding import EncodingUnit, Report, Track
from application.content.jobs import ContentJob
from application.content.lesson_state import require_lesson
from application.content.lessons import LessonAnalyzer
from application.content.manifest import media_prefix
from application.content.pose_track import piece_of_bytes
from application.content.workers import content_worker
from application.kernel.command_handler import Request
from application.kernel.leased_jobs import MAX_ATTEMPTS, JobWorker
from application.kernel.ports import StorageUnavailable
from application.kernel.video import (
    Pose,
    PoseDetectionFailed,
    Video,
    VideoDecodingFailed,
    VideoFrame,
    VideoShape,
    VideoTruncated,
)
from domain.content import commands
from domain.content.lesson import LESSON, Lesson
from domain.content.lesson_commands import BeginAnalysis
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from tests.application.content.publishing import (
    NOW,
    SQUATS,
    CrashError,
    PublishingFixture,
    StubEncoder,
)
from tests.domain.motion.scenes import absent, record, standing, then


@dataclass
class StubVideo:
    """Decoder and estimator of one video; `before` is called with the time of each frame."""

    chunk: PoseChunk
    before: Any = lambda _time_s: None
    model: str = "sample-athlete 1.0"
    tracked: list[float] = field(default_factory=list)

    @contextmanager
    def open(self, path: Path) -> Iterator[Video]:
        assert path.read_bytes() == b"h264-720"
        yield self

    @property
    def shape(self) -> VideoShape:
        return VideoShape(1280, 720, 15.0, None, None, "video/mp4")

    def frames(self) -> Iterator[VideoFrame]:
        for time_s in self.chunk.times_s.tolist():
            self.before(time_s)
            yield VideoFrame(time_s, np.zeros((1, 1, 3), np.uint8))

    @contextmanager
    def tracker(self) -> Iterator["StubVideo"]:
        yield self

    def track(self, frame: VideoFrame) -> Pose | None:
        self.tracked.append(frame.time_s)
        at = int(np.searchsorted(self.chunk.times_s, frame.time_s))
        image, world = self.chunk.image[at], self.chunk.world
        assert world is not None
        return None if np.isnan(image).all() else Pose(image, world[at])

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        return (1 for _ in frames)


class LongEncoder(StubEncoder):
    """Encoder whose tracks are as long as the source."""

    @contextmanager
    def encode_track(
        self, path: Path, unit: EncodingUnit, progress: Report
    ) -> Iterator[tuple[io.BytesIO, Track]]:
        with super().encode_track(path, unit, progress) as (_, track):
            yield io.BytesIO(unit.name.encode()), track


@dataclass
class Lessons:
    """A published video and its analyzer."""

    base: PublishingFixture
    stub: StubVideo

    def analyze(self, stop: Event | None = None) -> None:
        analyzer = self.analyzer()
        worker = content_worker(
            "analyze",
            self.base.jobs,
            self.base.log,
            analyzer.analyze_lesson,
            analyzer.give_up,
            analyzer.abandon,
        )
        self.base.run(worker, stop or Event())

    def analyzer(self) -> LessonAnalyzer:
        return LessonAnalyzer(
            log=self.base.log,
            commands=self.base.commands,
            media=self.base.media,
            decoder=self.stub,
            estimator=self.stub,
            clock=lambda: NOW,
        )

    def lesson(self) -> Lesson:
        return require_lesson(self.base.log, DEFAULT_TENANT, SQUATS, 1)

    def found(self) -> list[tuple[str, int | None]]:
        contents = [each.content for each in self.lesson().segments]
        return [(each.exercise_id, each.repetitions) for each in contents]


def squats_and_presses() -> PoseChunk:
    parts = [("squat", 6), ("shoulder_press", 5)]
    squats, presses = (
        landmarks(Performance(exercise=exercise, repetitions=number, fps=15))
        for exercise, number in parts
    )
    return then(record(standing(), 25), squats, absent(25), presses)


def published(folder: Path, chunk: PoseChunk) -> Lessons:
    seconds = float(chunk.times_s[-1]) + 0.1
    encoder = LongEncoder()
    encoder.source = type(encoder.source)(
        width=1280, height=720, rate=encoder.source.rate, duration_s=seconds, has_audio=False
    )
    base = PublishingFixture(folder, encoder)
    base.upload()
    base.work()
    assert base.item().offer == "published"
    return Lessons(base, StubVideo(chunk))


@pytest.fixture
def lessons(tmp_path: Path) -> Lessons:
    return published(tmp_path, squats_and_presses())


def test_a_published_video_gets_its_segments_and_its_pose_track(lessons: Lessons) -> None:
    lessons.analyze()
    assert lessons.found() == [("squat", 6), ("shoulder_press", 5)]
    squats = lessons.lesson().segments[0].content.targets
    assert squats.tempo is not None
    assert squats.tempo.eccentric_s == pytest.approx(1.4, abs=0.2)
    assert squats.range_of_motion_deg == pytest.approx(100, abs=6)
    prefix = media_prefix(SQUATS, 1)
    media = lessons.base.media
    track = [
        piece_of_bytes(media.get(DEFAULT_TENANT, digest, prefix=prefix))
        for digest in lessons.lesson().pieces
    ]
    assert len(track) == 2
    assert sum(map(len, track)) == len(lessons.stub.chunk)


def test_the_same_video_gives_the_same_lesson(lessons: Lessons, tmp_path: Path) -> None:
    lessons.analyze()
    (tmp_path / "other").mkdir()
    other = published(tmp_path / "other", squats_and_presses())
    other.analyze()
    assert other.lesson() == lessons.lesson()


def test_a_crash_repeats_the_piece_in_progress_only(lessons: Lessons, tmp_path: Path) -> None:
    def crash(time_s: float) -> None:
        if time_s > 62.0:
            raise CrashError

    lessons.stub.before = crash
    with pytest.raises(CrashError):
        lessons.analyze()
    assert len(lessons.lesson().pieces) == 1
    lessons.stub.before = lambda _time_s: None
    lessons.stub.tracked.clear()
    lessons.analyze()
    assert min(lessons.stub.tracked) >= 60.0
    (tmp_path / "other").mkdir()
    other = published(tmp_path / "other", squats_and_presses())
    other.analyze()
    assert other.lesson() == lessons.lesson()


def test_another_version_of_the_program_completes_the_analysis(
    lessons: Lessons, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the process of the first one ended before it could end its job."""
    save = JobWorker.save

    def crash_at_the_end(
        worker: JobWorker[ContentJob], job: ContentJob, lease_s: float, **to: Any
    ) -> Any:
        if to.get("state") == "finished":
            raise CrashError
        return save(worker, job, lease_s, **to)

    with monkeypatch.context() as patch:
        patch.setattr(JobWorker, "save", crash_at_the_end)
        with pytest.raises(CrashError):
            lessons.analyze()
    found = lessons.found()
    lessons.base.expire()
    lessons.stub.model = "sample-athlete 2.0"
    lessons.analyze()
    assert lessons.lesson().model.startswith("sample-athlete 2.0")
    assert (lessons.lesson().stage, lessons.found()) == ("complete", found)


def test_no_piece_of_another_version_is_taken_over(lessons: Lessons) -> None:
    """After a rollback, the first version begins at the start of the video."""

    def crash(time_s: float) -> None:
        if time_s > 62.0:
            raise CrashError

    lessons.stub.before = crash
    for model in ("A", "B"):
        lessons.stub.model = model
        with pytest.raises(CrashError):
            lessons.analyze()
    lessons.stub.model, lessons.stub.before = "A", lambda _time_s: None
    lessons.stub.tracked.clear()
    lessons.analyze()
    assert lessons.lesson().model.startswith("A")
    assert min(lessons.stub.tracked) < 1.0


def test_no_result_is_noted_into_the_analysis_of_another_version(lessons: Lessons) -> None:
    """A worker of an older version may go on after it has lost its job."""

    def begin_again(time_s: float) -> None:
        if time_s == 0.0:
            begin = BeginAnalysis(content_id=SQUATS, number=1, model="newer", at=NOW)
            lessons.base.execute_in(Request(LESSON, f"{SQUATS}.1", [begin]))

    lessons.stub.before = begin_again
    lessons.analyze()
    assert (lessons.lesson().model, lessons.lesson().pieces) == ("newer", ())
    assert lessons.lesson().stage == "underway"
    lessons.stub.before = lambda _time_s: None
    lessons.analyze()
    assert lessons.found() == [("squat", 6), ("shoulder_press", 5)]


def test_an_outage_is_waited_for(lessons: Lessons) -> None:
    def fail(_time_s: float) -> None:
        raise StorageUnavailable("The store is away.")

    lessons.stub.before = fail
    lessons.analyze()
    assert lessons.lesson().stage == "underway"
    lessons.stub.before = lambda _time_s: None
    lessons.analyze()
    assert lessons.lesson().stage == "complete"


def test_a_video_that_cannot_be_analyzed_stays_published_with_the_reason(lessons: Lessons) -> None:
    def fail(time_s: float) -> None:
        if time_s > 1.0:
            raise VideoTruncated

    lessons.stub.before = fail
    lessons.analyze()
    assert (lessons.lesson().stage, lessons.lesson().problem) == ("failed", "not_decodable")
    assert lessons.base.item().offer == "published"


@pytest.mark.parametrize("ended", [PoseDetectionFailed, VideoDecodingFailed])
@pytest.mark.parametrize(
    ("failures", "stage", "problem"), [(1, "complete", None), (2, "failed", "not_decodable")]
)
def test_a_video_is_analyzed_again_if_its_process_was_ended_once(
    lessons: Lessons, ended: type[Rejected], failures: int, stage: str, problem: str | None
) -> None:
    """R-EVT-18, R-EVT-19: the system may have ended it, as for memory."""
    left = [ended() for _ in range(failures)]

    def fail(_time_s: float) -> None:
        if left:
            raise left.pop()

    lessons.stub.before = fail
    lessons.analyze()
    assert lessons.lesson().stage == "underway"
    lessons.analyze()
    assert (lessons.lesson().stage, lessons.lesson().problem) == (stage, problem)


def test_each_part_of_a_video_has_a_second_attempt(lessons: Lessons) -> None:
    """R-EVT-19: memory may run out more than once while a long video is analyzed."""

    def end_after(begin_s: float) -> None:
        def fail(time_s: float) -> None:
            if time_s >= begin_s:
                raise PoseDetectionFailed

        lessons.stub.before = fail
        lessons.analyze()

    end_after(0.0)
    end_after(62.0)  # in the second attempt, after the first part
    assert (lessons.lesson().stage, len(lessons.lesson().pieces)) == ("underway", 1)
    lessons.stub.before = lambda _time_s: None
    lessons.analyze()
    assert lessons.lesson().stage == "complete"


def test_an_analysis_that_crashes_each_time_is_given_up(lessons: Lessons) -> None:
    def fail(_time_s: float) -> None:
        raise RuntimeError

    lessons.stub.before = fail
    for _ in range(MAX_ATTEMPTS + 1):
        lessons.analyze()
    assert lessons.lesson().problem == "failed"
    assert lessons.base.item().offer == "published"


@pytest.mark.parametrize(
    ("chunk", "problem"),
    [(absent(20), "nobody_seen"), (record(standing(), 20), "nothing_recognized")],
)
def test_a_video_without_an_exercise_says_so(
    tmp_path: Path, chunk: PoseChunk, problem: str
) -> None:
    lessons = published(tmp_path, chunk)
    lessons.analyze()
    assert lessons.lesson().problem == problem


def test_nothing_stays_of_a_video_that_is_deleted_meanwhile(lessons: Lessons) -> None:
    def delete(time_s: float) -> None:
        if time_s == 0.0:
            lessons.base.execute(commands.DeleteContent(at=NOW))

    lessons.stub.before = delete
    job = _claimed(lessons)
    lessons.analyzer().analyze_lesson(job, _Ignored())
    prefix = media_prefix(SQUATS, 1)
    assert lessons.base.media.list_media(DEFAULT_TENANT, prefix) == []


def test_high_frame_rates_are_thinned_out(tmp_path: Path) -> None:
    chunk = landmarks(Performance(exercise="squat", repetitions=4, fps=60))
    lessons = published(tmp_path, chunk)
    lessons.analyze()
    assert lessons.found() == [("squat", 4)]
    assert len(lessons.stub.tracked) == pytest.approx(len(chunk) / 2, abs=2)


class _Ignored:
    attempts = 1

    def __call__(self, share: float) -> None:
        pass

    def advance(self) -> None:
        pass


def _claimed(lessons: Lessons) -> ContentJob:
    return ContentJob(
        id=new_id(),
        tenant_id=DEFAULT_TENANT,
        content_id=SQUATS,
        trainer_id=lessons.base.item().trainer_id,
        number=1,
        step="analyze",
        correlation_id=new_id(),
        created_at=NOW,
    )
