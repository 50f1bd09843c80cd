"""Commands of a lesson, and their refusals."""

from datetime import datetime
from typing import Final

from domain.content.commands import MAX_DURATION_MS, SHA256
from domain.content.lesson_events import AnalysisProblem, LessonExercise
from domain.ids import ContentId, WorkoutId
from domain.kernel import Rejected, command
from domain.values import InvalidValue, within

MAX_SEGMENTS: Final = 100
"""Segments of a lesson, as many as a workout has lines."""

MAX_REPETITIONS: Final = 10_000
MAX_HOLD_S: Final = 10_000.0
MAX_RANGE_DEG: Final = 360.0


@command
class BeginAnalysis:
    """Begin the analysis of a version with a pose model and rules, named by `model`."""

    content_id: ContentId
    number: int
    model: str
    at: datetime


@command
class NotePiece:
    """Record that piece number `piece`, from 0, of the pose track is stored.

    `beginning` is that of the analysis in which the piece was extracted.
    """

    beginning: int
    piece: int
    digest: str
    at: datetime

    def __post_init__(self) -> None:
        if not SHA256.fullmatch(self.digest):
            raise InvalidValue(f"{self.digest!r} is not a SHA-256 in hexadecimal.")


@command
class CompleteAnalysis:
    """End the analysis, by its `beginning`, with the segments that it found."""

    beginning: int
    segments: tuple[LessonExercise, ...]
    at: datetime

    def __post_init__(self) -> None:
        within("number of segments", len(self.segments), 1, MAX_SEGMENTS)
        for each in self.segments:
            check_segment(each)


@command
class FailAnalysis:
    """End the analysis, by its `beginning`, without segments."""

    beginning: int
    problem: AnalysisProblem
    at: datetime


@command
class AddSegment:
    """Add a segment. `revision` is that of the lesson that the trainer read."""

    revision: int
    content: LessonExercise
    at: datetime

    def __post_init__(self) -> None:
        check_segment(self.content)


@command
class ChangeSegment:
    """Correct a segment, by its number."""

    revision: int
    segment: int
    content: LessonExercise
    at: datetime

    def __post_init__(self) -> None:
        check_segment(self.content)


@command
class RemoveSegment:
    """Remove a segment, by its number."""

    revision: int
    segment: int
    at: datetime


@command
class ConfirmLesson:
    """Confirm the segments as they are."""

    revision: int
    at: datetime


@command
class NoteWorkout:
    """Record that the segments were made a workout."""

    revision: int
    workout_id: WorkoutId
    at: datetime


AnalysisCommand = BeginAnalysis | NotePiece | CompleteAnalysis | FailAnalysis
ReviewCommand = AddSegment | ChangeSegment | RemoveSegment | ConfirmLesson | NoteWorkout
LessonCommand = AnalysisCommand | ReviewCommand


class LessonNotFound(Rejected):
    """The exercises of this video were not analyzed yet."""

    code = "lesson.unknown"
    kind = "not_found"


class LessonChanged(Rejected):
    """The lesson has changed since you read it. Read it again before you change it."""

    code = "lesson.changed"
    kind = "stale"


class AnalysisUnderway(Rejected):
    """The exercises of this video are still being analyzed. Wait until that ends."""

    code = "lesson.analysis_underway"


class AnalysisBegunAgain(Rejected):
    """Another version of the program has begun this analysis again."""

    code = "lesson.begun_again"
    kind = "unavailable"


class PieceMissing(Rejected):
    """The pieces of a pose track are stored in order, without a gap."""

    code = "lesson.piece_missing"


class SegmentNotFound(Rejected):
    """The lesson has no such segment."""

    code = "lesson.segment_unknown"
    kind = "not_found"


class SegmentsOverlap(Rejected):
    """The segment overlaps another one. Change its start or its end."""

    code = "lesson.segments_overlap"


class TooManySegments(Rejected):
    """The lesson has a hundred segments, which is the limit."""

    code = "lesson.too_many_segments"


class LessonEmpty(Rejected):
    """The lesson has no segments. Add the exercises that the video shows."""

    code = "lesson.empty"


class SegmentAmbiguous(Rejected):
    """Give each segment either its repetitions or the seconds of its hold."""

    code = "lesson.segment_ambiguous"
    kind = "invalid"


def check_segment(content: LessonExercise) -> None:
    """Check a segment. Raises InvalidValue and SegmentAmbiguous."""
    span, targets = content.span, content.targets
    within("end", span.end_ms, span.start_ms + 1, MAX_DURATION_MS)
    if (content.repetitions is None) == (content.held_s is None):
        raise SegmentAmbiguous
    if content.repetitions is not None:
        within("repetitions", content.repetitions, 1, MAX_REPETITIONS)
    if content.held_s is not None:
        within("held_s", content.held_s, 1.0, MAX_HOLD_S)
    for name in ("range_of_motion_deg", "range_spread_deg"):
        if (degrees := getattr(targets, name)) is not None:
            within(name, degrees, 0.0, MAX_RANGE_DEG)
