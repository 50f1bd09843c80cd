"""Events of a lesson: the exercises that one version of a trainer's video shows."""

from datetime import datetime
from typing import Literal

from domain.ids import ContentId, ExerciseId, WorkoutId
from domain.kernel import event, value
from domain.values import Span, Tempo

AnalysisProblem = Literal[
    "nobody_seen", "nothing_recognized", "too_many_exercises", "not_decodable", "failed"
]
"""Reason why a video has no segments by itself."""


@value
class Targets:
    """What the athlete is to do as the trainer does; None where it was not measured.

    `range_of_motion_deg` is the trainer's usual range, and `range_spread_deg` its usual deviation.
    """

    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    range_spread_deg: float | None = None


@value
class LessonExercise:
    """What a segment shows: repetitions of an exercise, or a hold of `held_s` seconds."""

    exercise_id: ExerciseId
    span: Span
    repetitions: int | None
    held_s: float | None = None
    targets: Targets = Targets()


@value
class Segment:
    """A part of the video that shows one exercise; `number` is unique in the lesson."""

    number: int
    content: LessonExercise


@event("content_lesson.analysis_begun")
class AnalysisBegun:
    """The analysis of a version of a video began; `model` names the pose model and the rules.

    Pieces of another model are extracted again.
    """

    content_id: ContentId
    number: int
    model: str
    at: datetime


@event("content_lesson.piece_extracted")
class PieceExtracted:
    """The next piece of the pose track is in the media store."""

    piece: int
    digest: str
    at: datetime


@event("content_lesson.analyzed")
class LessonAnalyzed:
    """The analysis ended with segments. Those that the trainer corrected stay as they are."""

    segments: tuple[LessonExercise, ...]
    at: datetime


@event("content_lesson.analysis_failed")
class AnalysisFailed:
    """The analysis ended without segments; the video is published without them."""

    problem: AnalysisProblem
    at: datetime


@event("content_lesson.segment_added")
class SegmentAdded:
    """The trainer added a segment that the analysis did not find."""

    segment: Segment
    at: datetime


@event("content_lesson.segment_changed")
class SegmentChanged:
    """The trainer corrected a segment."""

    segment: Segment
    at: datetime


@event("content_lesson.segment_removed")
class SegmentRemoved:
    """The trainer removed a segment; no later analysis brings it back."""

    segment: int
    at: datetime


@event("content_lesson.confirmed")
class LessonConfirmed:
    """The trainer confirmed the segments; a later analysis changes none of them."""

    at: datetime


@event("content_lesson.workout_made")
class WorkoutMade:
    """The segments were made a workout."""

    workout_id: WorkoutId
    at: datetime


LessonEvent = (
    AnalysisBegun
    | PieceExtracted
    | LessonAnalyzed
    | AnalysisFailed
    | SegmentAdded
    | SegmentChanged
    | SegmentRemoved
    | LessonConfirmed
    | WorkoutMade
)
