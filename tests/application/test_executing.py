"""Wishes of an athlete become commands by what the session knows."""

from datetime import timedelta

import pytest

from application.sessions import performing
from application.sessions.closing import Seen
from application.sessions.history import SessionNotFound
from application.sessions.session_view import LATER_LOOK, CueView, to_session_view
from application.sessions.summary import NotCompleted, feedback_points, summarize
from domain.ids import ExerciseId, SessionId
from domain.sessions import commands
from domain.sessions import prescription_commands as asked
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.live.gym import COUNTED_BY, Gym
from tests.live.takes import NOW

SQUAT, PLANK = ExerciseId("squat"), ExerciseId("plank")
LINES = (PrescribedLine(SQUAT, 1, 8, None, 90), PrescribedLine(PLANK, 1, None, 30, 45))
HAND = CountedBy("manual", "hand", 1)


@pytest.fixture
def gym() -> Gym:
    gym = Gym()
    gym.write(asked.TakePrescription(lines=LINES))
    return gym


def next_set(
    gym: Gym, exercise: str | None = None, at_ms: int = 0, number: int | None = None
) -> performing.Wishes:
    return performing.next_set(
        gym.facts(),
        number=number,
        exercise_id=exercise,
        counted_by=lambda _exercise: HAND,
        load_kg=None,
        at_ms=at_ms,
    )


def begun(gym: Gym, exercise: str | None = None) -> commands.StartSet:
    command = next_set(gym, exercise)[-1]
    assert isinstance(command, commands.StartSet)
    return command


def test_the_next_set_has_the_targets_of_its_line() -> None:
    """R-WKT-02"""
    gym = Gym()
    gym.write(asked.TakePrescription(lines=LINES))
    first = begun(gym)
    assert (first.exercise_id, first.line, first.target_repetitions) == (SQUAT, 1, 8)
    gym.write(first, commands.CompleteSet(set=1, span=Span(0, 1)))
    second = begun(gym)
    assert (second.exercise_id, second.line, second.target_hold_s) == (PLANK, 2, 30)


def test_repetitions_are_no_target_of_a_hold_that_takes_their_place(gym: Gym) -> None:
    swapped = begun(gym, "plank")
    assert (swapped.line, swapped.target_repetitions, swapped.target_hold_s) == (1, None, None)
    assert begun(gym, "lunge").target_repetitions == 8


def test_a_set_that_is_named_begins_once_and_no_other_in_its_place(gym: Gym) -> None:
    """R-WKT-03: of two devices one may know the session as it was before the other went on."""
    gym.write(*next_set(gym, number=1))
    assert next_set(gym, number=1) == []
    gym.write(commands.CompleteSet(set=1, span=Span(0, 1)))
    for other in (0, 1, 3):
        with pytest.raises(commands.SetOutOfOrder):
            next_set(gym, number=other)
    gym.write(*next_set(gym, number=2))
    with pytest.raises(commands.SetOutOfOrder):
        next_set(gym, number=1)


def test_a_rest_ends_where_the_next_set_begins(gym: Gym) -> None:
    """R-WKT-12"""
    gym.write(begun(gym), commands.CompleteSet(set=1, span=Span(0, 1)))
    gym.write(*performing.rest(gym.facts(), planned_s=None, at_ms=1000))
    assert to_session_view(SessionId("s"), gym.facts()).rest is not None
    end, _ = next_set(gym, at_ms=50_000)
    assert end == asked.EndRest(at_ms=50_000)


@pytest.mark.parametrize(("prescribed", "rest_s"), [(True, 90), (False, performing.REST_S)])
def test_a_rest_is_as_prescribed_or_as_usual(*, prescribed: bool, rest_s: int) -> None:
    """R-WKT-12"""
    gym = Gym()
    if prescribed:
        gym.write(asked.TakePrescription(lines=LINES))
    gym.write(begun(gym, "squat"), commands.CompleteSet(set=1, span=Span(0, 1)))
    wish = performing.rest(gym.facts(), planned_s=None, at_ms=0)
    assert wish == [asked.StartRest(planned_s=rest_s, at_ms=0)]


def test_a_set_that_a_camera_began_is_as_long_as_what_happened_in_it(gym: Gym) -> None:
    gym.write(
        commands.StartSet(set=1, exercise_id=SQUAT, counted_by=COUNTED_BY),
        commands.CountRepetition(set=1, number=1, span=Span(4000, 5000)),
    )
    wish = performing.finish_set(gym.facts(), number=1, start_ms=None, end_ms=9000)
    assert wish == [commands.CompleteSet(set=1, span=Span(4000, 9000))]


def test_nothing_is_asked_of_a_session_that_is_not_there() -> None:
    for wish in (
        lambda: performing.skip([], what="set"),
        lambda: performing.end_rest([], at_ms=0),
        lambda: performing.elapsed_ms([], NOW),
        lambda: performing.finish_set([], number=1, start_ms=None, end_ms=1),
        lambda: performing.rest([], planned_s=None, at_ms=0),
        lambda: to_session_view(SessionId("s"), []),
    ):
        with pytest.raises(SessionNotFound):
            wish()


def test_a_device_is_asked_once_whatever_is_wished_later(gym: Gym) -> None:
    """R-HLT-11"""
    wish = performing.complete(gym.facts(), seen=Seen(), at=NOW, healthkit=True)
    gym.write(*wish)
    later = NOW + timedelta(days=1)
    (again,) = performing.complete(gym.facts(), seen=Seen(), at=later, healthkit=True)
    assert SESSION.decide(again, SESSION.fold(gym.facts())) == ()
    assert to_session_view(SessionId("s"), gym.facts()).health_kit.status == "pending"


def test_a_later_look_is_told_as_the_reason(gym: Gym) -> None:
    """C-02, C-49"""
    gym.write(
        begun(gym),
        commands.CountRepetition(set=1, number=1, span=Span(0, 900)),
        commands.ReconcileRepetitions(set=1, withdrawn=(1,), counted_by=COUNTED_BY),
    )
    (performed,) = to_session_view(SessionId("s"), gym.facts()).sets
    assert [(each.accepted, each.reason) for each in performed.movements] == [(False, LATER_LOOK)]
    assert (performed.source, performed.rejected) == ("server", 1)


def test_there_is_no_summary_of_what_is_under_way(gym: Gym) -> None:
    with pytest.raises(NotCompleted):
        summarize(to_session_view(SessionId("s"), gym.facts()))


def test_the_sentences_said_most_often_are_the_points_to_remember() -> None:
    """C-48"""
    said = ["a", "b", "b", "c", "d", "e", "f"]
    cues = [CueView(1, None, "fault", sentence, at) for at, sentence in enumerate(said)]
    assert feedback_points(cues) == ("b", "a", "c", "d", "e")
