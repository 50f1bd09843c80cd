"""Analysis of published videos: the trainer's poses, and the exercises that they show.

It runs after the video is published, so a failure costs the segments only. The poses are found in
the encoded video, in pieces of a minute; the log says which are stored, so after a crash only the
piece in progress is done again. Each piece is tracked by itself, so the result does not depend on
crashes: the same video, pose model and rules give the same lesson.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import structlog

from application.analysis.video_poses import PoseBuffer
from application.content.items import find_item
from application.content.jobs import ContentJob, may_succeed_later, waiting_item
from application.content.lesson_state import find_lesson
from application.content.manifest import VIDEO_TYPE, Manifest
from application.content.pose_track import PIECE_S, piece_of_bytes, piece_to_bytes
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leased_jobs import NotNeeded, Progress
from application.kernel.ports import Clock, EventLog, MediaStore
from application.kernel.video import PoseEstimator, VideoDecoder, VideoFrame, VideoShape
from domain.content.item import Item
from domain.content.lesson import LESSON, Lesson
from domain.content.lesson_commands import (
    MAX_SEGMENTS,
    AnalysisBegunAgain,
    BeginAnalysis,
    CompleteAnalysis,
    FailAnalysis,
    LessonCommand,
    NotePiece,
)
from domain.content.lesson_events import AnalysisProblem, LessonExercise, Targets
from domain.ids import ExerciseId
from domain.kernel import Rejected
from domain.motion.exercise_segmentation import ExerciseSegment, segment_exercises
from domain.motion.exercises.library import all_exercises
from domain.motion.landmarks import PoseChunk
from domain.values import Span

RULES_VERSION: Final = 1
"""Raise it when the same poses give other segments."""

LEAST_STEP_S: Final = 1 / 31
"""Videos with more than 30 frames a second are thinned out."""

SEEN_SHARE: Final = 0.02
"""Share of frames with a person below which nobody is in the video."""

RENDITIONS: Final = ("h264-720.mp4", "h264-480.mp4")
"""Renditions in which poses are found, the first that exists; pose models use 256 pixels."""

POSE_SHARE: Final = 0.95
"""Share of the work that finding poses is."""

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class LessonAnalyzer:
    """Analyzes the exercises of videos that were published."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    decoder: VideoDecoder
    estimator: PoseEstimator
    clock: Clock

    def analyze_lesson(self, job: ContentJob, progress: Progress) -> None:
        """Extract the pose track of a job's video, and store its segments.

        Raises what `progress` does, and what a later attempt may avoid, such as StorageUnavailable.
        """
        item = waiting_item(self.log, job)
        if item is None:
            raise NotNeeded
        lesson = self._begun(job)
        if lesson.stage != "underway":
            return
        try:
            duration_s = self._extract(job, item, lesson, progress)
        except Rejected as refusal:
            if may_succeed_later(refusal, progress):
                raise
            logger.warning("lesson.not_decodable", content=job.content_id, code=refusal.code)
            self._fail(job, lesson, "not_decodable")
        else:
            self._complete(job, lesson, duration_s, progress)
        self.abandon(job)  # if it was deleted in the last moment

    def give_up(self, job: ContentJob) -> None:
        """Note that the analysis never finished. The video stays published."""
        self._fail(job, self._begun(job), "failed")

    def abandon(self, job: ContentJob) -> None:
        """Remove what was extracted of a video that was deleted meanwhile."""
        if find_item(self.log, job.tenant_id, job.content_id) is None:
            self.media.clear(job.tenant_id, job.prefix)

    def _begun(self, job: ContentJob) -> Lesson:
        """Return the lesson of the current pose model and rules."""
        rules = [f"{each.id}.{each.version}" for each in all_exercises().values()]
        version = sha256(" ".join(rules).encode()).hexdigest()[:8]
        model = f"{self.estimator.model} {RULES_VERSION}.{version}"
        begin = BeginAnalysis(
            content_id=job.content_id, number=job.number, model=model, at=self.clock()
        )
        before = find_lesson(self.log, job.tenant_id, job.content_id, job.number)
        beginning = 0 if before is None else before.beginning
        self._execute(job, begin, f"begin.{model}.{beginning}")
        lesson = find_lesson(self.log, job.tenant_id, job.content_id, job.number)
        if lesson is None:
            raise NotNeeded
        if lesson.model != model:
            raise AnalysisBegunAgain
        return lesson

    def _extract(self, job: ContentJob, item: Item, lesson: Lesson, progress: Progress) -> float:
        """Store the pieces that are missing, and return the length of the video in seconds."""
        live = item.live
        if live is None:
            raise NotNeeded
        duration_s = live.encoding.duration_ms / 1000
        manifest = Manifest.of_bytes(
            self.media.get(job.tenant_id, live.encoding.digest, prefix=job.prefix)
        )
        digest = _rendition(manifest)
        with self.media.local(job.tenant_id, digest, prefix=job.prefix) as path:
            for number, piece in self._pieces(path, len(lesson.pieces), duration_s, progress):
                stored = self.media.put(
                    job.tenant_id,
                    piece_to_bytes(piece),
                    prefix=job.prefix,
                    subject=job.trainer_id,
                )
                note = NotePiece(
                    beginning=lesson.beginning, piece=number, digest=stored, at=self.clock()
                )
                purpose = f"piece.{number}.{lesson.model}.{lesson.beginning}"
                if self._execute(job, note, purpose):
                    progress.advance()
        return duration_s

    def _pieces(
        self, path: Path, first: int, duration_s: float, progress: Progress
    ) -> Iterator[tuple[int, PoseChunk]]:
        """Yield the pieces from number `first` on."""
        with self.decoder.open(path) as video:
            for number, frames in _by_piece(video.frames(), first):
                yield number, self._tracked(video.shape, frames, duration_s, progress)

    def _tracked(
        self, shape: VideoShape, frames: Iterator[VideoFrame], duration_s: float, progress: Progress
    ) -> PoseChunk:
        buffer = PoseBuffer()
        last_s = -LEAST_STEP_S
        with self.estimator.tracker() as tracker:
            for frame in frames:
                if frame.time_s - last_s < LEAST_STEP_S:
                    continue
                last_s = frame.time_s
                buffer.add(frame.time_s, tracker.track(frame))
                progress(min(POSE_SHARE * frame.time_s / duration_s, POSE_SHARE))
        return buffer.chunk(shape)

    def _complete(
        self, job: ContentJob, begun: Lesson, duration_s: float, progress: Progress
    ) -> None:
        lesson = find_lesson(self.log, job.tenant_id, job.content_id, job.number)
        pieces = () if lesson is None else lesson.pieces
        chunks = [
            piece_of_bytes(self.media.get(job.tenant_id, digest, prefix=job.prefix))
            for digest in pieces
        ]
        frames = sum(len(each) for each in chunks)
        if sum(int(each.has_pose.sum()) for each in chunks) <= SEEN_SHARE * frames:
            self._fail(job, begun, "nobody_seen")
            return
        segments = segment_exercises(chunks, duration_s, lambda: progress(POSE_SHARE))
        if not segments:
            self._fail(job, begun, "nothing_recognized")
        elif len(segments) > MAX_SEGMENTS:
            self._fail(job, begun, "too_many_exercises")
        else:
            found = tuple(to_lesson_exercise(each) for each in segments)
            complete = CompleteAnalysis(beginning=begun.beginning, segments=found, at=self.clock())
            self._execute(job, complete, f"complete.{begun.beginning}")
            logger.info("lesson.analyzed", content=job.content_id, segments=len(found))

    def _fail(self, job: ContentJob, begun: Lesson, problem: AnalysisProblem) -> None:
        logger.info("lesson.not_analyzed", content=job.content_id, problem=problem)
        fail = FailAnalysis(beginning=begun.beginning, problem=problem, at=self.clock())
        self._execute(job, fail, f"fail.{begun.beginning}")

    def _execute(self, job: ContentJob, command: LessonCommand, purpose: str) -> bool:
        """Execute once; return whether it was not repeated.

        A purpose names the beginning: another version of the program, as after a rollback, begins
        the analysis again.
        """
        appended = self.commands.execute(
            Request(LESSON, job.encoding_id, [command]),
            origin=job.origin,
            command_id=job.command_id(purpose),
        )
        return not appended.repeated


def to_lesson_exercise(segment: ExerciseSegment) -> LessonExercise:
    """Return a segment as it is stored."""
    targets = segment.targets
    return LessonExercise(
        exercise_id=ExerciseId(segment.exercise),
        span=Span(round(segment.started_s * 1000), round(segment.ended_s * 1000)),
        repetitions=segment.repetitions or None,
        held_s=segment.held_s,
        targets=Targets(
            tempo=targets.tempo,
            range_of_motion_deg=targets.range_of_motion_deg,
            range_spread_deg=targets.range_spread_deg,
        ),
    )


def _rendition(manifest: Manifest) -> str:
    for name in RENDITIONS:
        if name in manifest.files:
            return manifest.files[name].digest
    videos = [each for each in manifest.files.values() if each.media_type == VIDEO_TYPE]
    return min(videos, key=lambda each: each.size).digest


def _by_piece(
    frames: Iterator[VideoFrame], first: int
) -> Iterator[tuple[int, Iterator[VideoFrame]]]:
    """Group frames by their pieces, and skip those before the piece `first`.

    A piece without frames is empty, so numbers have no gaps.
    """
    for number, group in groupby(frames, key=lambda frame: int(frame.time_s // PIECE_S)):
        for missing in range(first, number):
            yield missing, iter(())
        if number >= first:
            yield number, group
            first = number + 1
