"""Lessons by given, when and then: an analysis, and corrections that win over it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.content import lesson_commands as commands
from domain.content import lesson_events as events
from domain.content.lesson import LESSON, Lesson
from domain.ids import ContentId, ExerciseId, WorkoutId
from domain.kernel import Rejected
from domain.values import InvalidValue, Span
from tests.specification import specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
DIGEST = "ab" * 32


def exercise(start_s: int, end_s: int, repetitions: int = 8) -> events.LessonExercise:
    span = Span(start_s * 1000, end_s * 1000)
    return events.LessonExercise(ExerciseId("squat"), span, repetitions)


SQUATS, LUNGES = exercise(10, 40), exercise(60, 90)
BEGIN = commands.BeginAnalysis(content_id=ContentId("legs"), number=1, model="m 1.a", at=AT)
BEGUN = events.AnalysisBegun(content_id=ContentId("legs"), number=1, model="m 1.a", at=AT)
AGAIN = replace(BEGUN, model="m 2.b")
ANALYZED = events.LessonAnalyzed(segments=(SQUATS, LUNGES), at=AT)
FAILED = events.AnalysisFailed(problem="nothing_recognized", at=AT)
CHANGED = events.SegmentChanged(segment=events.Segment(1, exercise(12, 42, 9)), at=AT)
REMOVED = events.SegmentRemoved(segment=2, at=AT)
given = specification(LESSON)


def lesson(*history: events.LessonEvent) -> Lesson:
    state = LESSON.fold(history)
    assert isinstance(state, Lesson)
    return state


def shown(*history: events.LessonEvent) -> list[tuple[int, int, int | None]]:
    return [
        (each.number, each.content.span.start_ms // 1000, each.content.repetitions)
        for each in lesson(*history).segments
    ]


def test_an_analysis_begins_once_for_each_model() -> None:
    given().when(BEGIN).then(BEGUN)
    given(BEGUN, ANALYZED).when(BEGIN).then_nothing()
    given(BEGUN, ANALYZED).when(replace(BEGIN, model="m 2.b")).then(AGAIN)


def test_pieces_are_stored_once_and_in_order() -> None:
    note = commands.NotePiece(beginning=1, piece=0, digest=DIGEST, at=AT)
    stored = events.PieceExtracted(piece=0, digest=DIGEST, at=AT)
    given(BEGUN).when(note).then(stored)
    given(BEGUN, stored).when(note).then_nothing()
    given(BEGUN).when(replace(note, piece=1)).then_rejected(commands.PieceMissing)
    assert lesson(BEGUN, stored).pieces == (DIGEST,)
    assert lesson(BEGUN, stored, AGAIN).pieces == ()


def test_an_analysis_ends_once() -> None:
    complete = commands.CompleteAnalysis(beginning=1, segments=(SQUATS, LUNGES), at=AT)
    fail = commands.FailAnalysis(beginning=1, problem="nothing_recognized", at=AT)
    given(BEGUN).when(complete).then(ANALYZED)
    given(BEGUN).when(fail).then(FAILED)
    for ended in (ANALYZED, FAILED):
        given(BEGUN, ended).when(complete).then_nothing()
        given(BEGUN, ended).when(fail).then_nothing()


def test_results_of_an_earlier_beginning_are_refused() -> None:
    for command in (
        commands.NotePiece(beginning=1, piece=0, digest=DIGEST, at=AT),
        commands.CompleteAnalysis(beginning=1, segments=(SQUATS, LUNGES), at=AT),
        commands.FailAnalysis(beginning=1, problem="nothing_recognized", at=AT),
    ):
        given(BEGUN, AGAIN).when(command).then_rejected(commands.AnalysisBegunAgain)
        given(BEGUN, ANALYZED, AGAIN).when(command).then_rejected(commands.AnalysisBegunAgain)


def test_corrections_win_over_a_later_analysis() -> None:
    later = events.LessonAnalyzed(
        segments=(exercise(11, 41), exercise(61, 91), exercise(100, 120, 5)), at=AT
    )
    assert shown(BEGUN, ANALYZED, CHANGED, REMOVED, AGAIN, later) == [(1, 12, 9), (3, 100, 5)]


def test_confirmed_segments_do_not_change_with_a_later_analysis() -> None:
    confirmed = events.LessonConfirmed(at=AT)
    later = replace(ANALYZED, segments=(exercise(100, 120),))
    history = (BEGUN, ANALYZED, confirmed)
    assert shown(*history, AGAIN, later) == shown(*history)
    assert not lesson(*history, CHANGED).confirmed


def test_a_segment_is_added_beside_the_others() -> None:
    add = commands.AddSegment(revision=2, content=exercise(45, 50), at=AT)
    added = events.SegmentAdded(segment=events.Segment(3, exercise(45, 50)), at=AT)
    given(BEGUN, ANALYZED).when(add).then(added)
    assert [number for number, _, _ in shown(BEGUN, ANALYZED, added)] == [1, 3, 2]
    over = replace(add, content=exercise(39, 50))
    given(BEGUN, ANALYZED).when(over).then_rejected(commands.SegmentsOverlap)


def test_segments_are_added_where_the_analysis_failed() -> None:
    add = commands.AddSegment(revision=1, content=SQUATS, at=AT)
    given(BEGUN, FAILED).when(add).then(
        events.SegmentAdded(segment=events.Segment(1, SQUATS), at=AT)
    )


def test_the_same_content_changes_nothing() -> None:
    change = commands.ChangeSegment(revision=2, segment=1, content=SQUATS, at=AT)
    given(BEGUN, ANALYZED).when(change).then_nothing()
    given(BEGUN, ANALYZED).when(replace(change, content=exercise(12, 42, 9))).then(CHANGED)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (commands.RemoveSegment(revision=1, segment=1, at=AT), commands.LessonChanged),
        (commands.RemoveSegment(revision=2, segment=9, at=AT), commands.SegmentNotFound),
        (
            commands.ChangeSegment(revision=2, segment=9, content=SQUATS, at=AT),
            commands.SegmentNotFound,
        ),
        (
            commands.ChangeSegment(revision=2, segment=1, content=LUNGES, at=AT),
            commands.SegmentsOverlap,
        ),
    ],
)
def test_changes_need_the_current_lesson(
    command: commands.LessonCommand, refusal: type[Rejected]
) -> None:
    given(BEGUN, ANALYZED).when(command).then_rejected(refusal)
    given().when(command).then_rejected(commands.LessonNotFound)


def test_nothing_is_corrected_during_the_analysis() -> None:
    confirm = commands.ConfirmLesson(revision=1, at=AT)
    given(BEGUN).when(confirm).then_rejected(commands.AnalysisUnderway)
    given(BEGUN, FAILED).when(confirm).then_rejected(commands.LessonEmpty)


def test_a_workout_is_linked_to_its_lesson() -> None:
    note = commands.NoteWorkout(revision=2, workout_id=WorkoutId("legs"), at=AT)
    made = events.WorkoutMade(workout_id=WorkoutId("legs"), at=AT)
    given(BEGUN, ANALYZED).when(note).then(made)
    assert lesson(BEGUN, ANALYZED, made).workouts == (WorkoutId("legs"),)


def test_a_lesson_has_at_most_a_hundred_segments() -> None:
    many = tuple(exercise(2 * each, 2 * each + 1) for each in range(commands.MAX_SEGMENTS))
    full = replace(ANALYZED, segments=many)
    add = commands.AddSegment(revision=2, content=exercise(900, 901), at=AT)
    given(BEGUN, full).when(add).then_rejected(commands.TooManySegments)


@pytest.mark.parametrize(
    "content",
    [
        replace(SQUATS, repetitions=None),
        replace(SQUATS, held_s=30.0),
        replace(SQUATS, repetitions=0),
        replace(SQUATS, span=Span(5, 5)),
        replace(SQUATS, span=Span(0, 7 * 3600 * 1000)),
        replace(SQUATS, targets=events.Targets(range_of_motion_deg=400.0)),
    ],
)
def test_a_segment_is_a_possible_one(content: events.LessonExercise) -> None:
    with pytest.raises((InvalidValue, commands.SegmentAmbiguous)):
        commands.AddSegment(revision=1, content=content, at=AT)
