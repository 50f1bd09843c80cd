"""Lesson decider: the analysis of a version of a trainer's video, and the trainer's corrections.

A stream holds one version. What the trainer corrected wins over each later analysis.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from domain.content import lesson_commands as commands
from domain.content import lesson_events as events
from domain.content.lesson_events import AnalysisProblem, LessonExercise, Segment
from domain.ids import ContentId, WorkoutId
from domain.kernel import Decider, value
from domain.values import Span

AnalysisStage = Literal["underway", "complete", "failed"]


@value
class NoLesson:
    """The video was not analyzed yet."""


@value
class Lesson:
    """A lesson; `pieces` are the digests of its pose track.

    `revision` rises with each change of the segments. `corrected` are the numbers of segments that
    the trainer added or changed, `removed` the parts in which they removed one. `last_number` is
    the highest number that a segment has had. `beginning` counts how often the analysis began.
    """

    content_id: ContentId
    number: int
    model: str
    stage: AnalysisStage = "underway"
    problem: AnalysisProblem | None = None
    pieces: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    corrected: frozenset[int] = frozenset()
    removed: tuple[Span, ...] = ()
    confirmed: bool = False
    workouts: tuple[WorkoutId, ...] = ()
    revision: int = 1
    last_number: int = 0
    beginning: int = 1


LessonState = NoLesson | Lesson


def decide(command: commands.LessonCommand, state: LessonState) -> tuple[events.LessonEvent, ...]:
    """Return the events of a command. Raises a refusal of `lesson_commands`."""
    match command, state:
        case commands.BeginAnalysis(), Lesson(model=model) if model == command.model:
            return ()
        case commands.BeginAnalysis(), _:
            return (
                events.AnalysisBegun(
                    content_id=command.content_id,
                    number=command.number,
                    model=command.model,
                    at=command.at,
                ),
            )
        case _, NoLesson():
            raise commands.LessonNotFound
        case commands.NotePiece() | commands.CompleteAnalysis() | commands.FailAnalysis(), Lesson():
            return _analyzed(command, state)
        case _, Lesson():
            if command.revision != state.revision:
                raise commands.LessonChanged
            return _reviewed(command, state)


def _analyzed(
    command: commands.NotePiece | commands.CompleteAnalysis | commands.FailAnalysis, lesson: Lesson
) -> tuple[events.LessonEvent, ...]:
    if command.beginning != lesson.beginning:
        raise commands.AnalysisBegunAgain
    if lesson.stage != "underway":
        return ()
    match command:
        case commands.NotePiece(piece=piece, digest=digest, at=at):
            if piece < len(lesson.pieces):
                return ()
            if piece > len(lesson.pieces):
                raise commands.PieceMissing
            return (events.PieceExtracted(piece=piece, digest=digest, at=at),)
        case commands.CompleteAnalysis(segments=segments, at=at):
            return (events.LessonAnalyzed(segments=segments, at=at),)
        case commands.FailAnalysis(problem=problem, at=at):
            return (events.AnalysisFailed(problem=problem, at=at),)


def _reviewed(command: commands.ReviewCommand, lesson: Lesson) -> tuple[events.LessonEvent, ...]:
    if lesson.stage == "underway":
        raise commands.AnalysisUnderway
    at = command.at
    match command:
        case commands.AddSegment(content=content):
            if len(lesson.segments) >= commands.MAX_SEGMENTS:
                raise commands.TooManySegments
            segment = Segment(lesson.last_number + 1, content)
            _require_apart(segment, lesson.segments)
            return (events.SegmentAdded(segment=segment, at=at),)
        case commands.ChangeSegment(segment=number, content=content):
            segment = Segment(number, content)
            if segment == _find(lesson, number):
                return ()
            _require_apart(segment, lesson.segments)
            return (events.SegmentChanged(segment=segment, at=at),)
        case commands.RemoveSegment(segment=number):
            _find(lesson, number)
            return (events.SegmentRemoved(segment=number, at=at),)
        case commands.ConfirmLesson():
            _require_segments(lesson)
            return () if lesson.confirmed else (events.LessonConfirmed(at=at),)
        case commands.NoteWorkout(workout_id=workout_id):
            _require_segments(lesson)
            return (events.WorkoutMade(workout_id=workout_id, at=at),)


def _require_segments(lesson: Lesson) -> None:
    if not lesson.segments:
        raise commands.LessonEmpty


def _find(lesson: Lesson, number: int) -> Segment:
    for each in lesson.segments:
        if each.number == number:
            return each
    raise commands.SegmentNotFound


def _require_apart(segment: Segment, others: Iterable[Segment]) -> None:
    for each in others:
        if each.number != segment.number and _overlap(each.content.span, segment.content.span):
            raise commands.SegmentsOverlap


def _overlap(one: Span, other: Span) -> bool:
    return one.start_ms < other.end_ms and other.start_ms < one.end_ms


def evolve(state: LessonState, event: events.LessonEvent) -> LessonState:
    """Apply one event. History is never refused."""
    match event, state:
        case events.AnalysisBegun(), Lesson():
            return replace(
                state,
                model=event.model,
                stage="underway",
                problem=None,
                pieces=(),
                beginning=state.beginning + 1,
            )
        case events.AnalysisBegun(), NoLesson():
            return Lesson(event.content_id, event.number, event.model)
        case _, Lesson():
            return _evolve(state, event)
        case _, NoLesson():
            return state


def _evolve(lesson: Lesson, event: events.LessonEvent) -> Lesson:
    match event:
        case events.PieceExtracted(digest=digest):
            return replace(lesson, pieces=(*lesson.pieces, digest))
        case events.LessonAnalyzed(segments=segments):
            return _merged(replace(lesson, stage="complete"), segments)
        case events.AnalysisFailed(problem=problem):
            return replace(lesson, stage="failed", problem=problem)
        case events.SegmentAdded(segment=segment) | events.SegmentChanged(segment=segment):
            others = tuple(each for each in lesson.segments if each.number != segment.number)
            return replace(
                _changed(lesson, (*others, segment)),
                corrected=lesson.corrected | {segment.number},
                last_number=max(lesson.last_number, segment.number),
            )
        case events.SegmentRemoved(segment=number):
            others = tuple(each for each in lesson.segments if each.number != number)
            gone = tuple(each.content.span for each in lesson.segments if each.number == number)
            return replace(
                _changed(lesson, others),
                corrected=lesson.corrected - {number},
                removed=(*lesson.removed, *gone),
            )
        case events.LessonConfirmed():
            return replace(lesson, confirmed=True, revision=lesson.revision + 1)
        case events.WorkoutMade(workout_id=workout_id):
            return replace(lesson, workouts=(*lesson.workouts, workout_id))
        case events.AnalysisBegun():
            return lesson


def _merged(lesson: Lesson, found: Iterable[LessonExercise]) -> Lesson:
    """Return a lesson with new segments where the trainer corrected nothing."""
    if lesson.confirmed:
        return lesson
    kept = [each for each in lesson.segments if each.number in lesson.corrected]
    taken = [*lesson.removed, *(each.content.span for each in kept)]
    fresh = [each for each in found if not any(_overlap(each.span, span) for span in taken)]
    numbered = [Segment(lesson.last_number + at, each) for at, each in enumerate(fresh, start=1)]
    room = commands.MAX_SEGMENTS - len(kept)
    return replace(
        _changed(lesson, (*kept, *numbered[:room])), last_number=lesson.last_number + len(fresh)
    )


def _changed(lesson: Lesson, segments: Iterable[Segment]) -> Lesson:
    ordered = tuple(sorted(segments, key=lambda each: each.content.span.start_ms))
    return replace(lesson, segments=ordered, confirmed=False, revision=lesson.revision + 1)


LESSON = Decider[commands.LessonCommand, events.LessonEvent, LessonState](
    "content_lesson", initial=NoLesson(), decide=decide, evolve=evolve
)
