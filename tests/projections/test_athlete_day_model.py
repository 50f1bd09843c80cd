"""Property tests of the athlete day: any order of completions, deletions and restorations."""

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.ids import ExerciseId, SessionId
from domain.sessions import events
from domain.values import FormMeasured
from projections.athlete_day import ATHLETE_DAY, AthleteDay
from tests.projections.histories import AT, ListLog, completed

SESSIONS = 4


@dataclass
class Session:
    """A session of the day. `counted`: its completion, while it counts."""

    number: int
    completed: events.SessionCompleted
    counted: bool = False
    trained: events.Trained | None = None


def trained(session: events.SessionCompleted, *, recorded: bool) -> events.Trained:
    """Return what a deletion records; earlier versions did not record verified repetitions."""
    verified = session.verified_repetitions if recorded else None
    return events.Trained(
        athlete_id=session.athlete_id, started_at=session.started_at, time_zone=session.time_zone,
        sets=session.sets, repetitions=session.repetitions, duration_ms=session.duration_ms,
        calories_kcal=session.calories_kcal, accuracy=session.accuracy,
        verified_repetitions=verified, form_measured=session.form_measured,
    )  # fmt: skip


def next_events(session: Session, *, recorded: bool, corrects: bool) -> list[Any]:
    """Complete a session, delete it, or restore what was deleted as it was deleted."""
    if session.counted:
        session.counted = False
        before = session.trained
        session.trained = trained(
            session.completed,
            recorded=recorded and (before is None or before.verified_repetitions is not None),
        )
        replacement = SessionId("replacement")
        corrected = events.ExerciseCorrected(
            exercise_id=ExerciseId("squat"), replacement_id=replacement, at=AT
        )
        gone = events.SessionDeleted(at=AT, trained=session.trained)
        return [corrected, gone] if corrects else [gone]
    session.counted = True
    if session.trained is None:
        return [session.completed]
    return [events.SessionRestored(at=AT, trained=session.trained)]


def expected_day(sessions: list[Session]) -> tuple[int, ...]:
    counted = [each.completed for each in sessions if each.counted]
    verified = [
        each.repetitions if each.verified_repetitions is None else each.verified_repetitions
        for each in counted
    ]
    measured = [each.form_measured or FormMeasured(each.repetitions, 0) for each in counted]
    return (
        len(counted), sum(each.sets for each in counted),
        sum(each.repetitions for each in counted), sum(verified),
        sum(each.repetitions for each in measured), sum(each.held_ms for each in measured),
    )  # fmt: skip


def figures(row: AthleteDay | None) -> tuple[int, ...]:
    if row is None:
        return 0, 0, 0, 0, 0, 0
    return (
        row.sessions, row.sets, row.repetitions, row.verified_repetitions,
        row.accuracy_repetitions, row.accuracy_hold_ms,
    )  # fmt: skip


measurements = st.builds(FormMeasured, st.integers(0, 20), st.integers(0, 60_000))
completions = st.tuples(
    st.integers(0, 20), st.integers(0, 20) | st.none(), measurements | st.none()
).map(
    lambda drawn: replace(
        completed(repetitions=drawn[0] + (drawn[1] or 0)),
        verified_repetitions=drawn[1],
        form_measured=drawn[2],
    )
)
steps = st.tuples(st.integers(0, SESSIONS - 1), st.booleans(), st.booleans())


@for_any(
    given=st.lists(completions, min_size=SESSIONS, max_size=SESSIONS),
    order=st.lists(steps, max_size=24),
)
def test_a_deletion_subtracts_what_its_session_added(
    given: list[events.SessionCompleted], order: list[tuple[int, bool, bool]]
) -> None:
    """C-49, R-WKT-06: also where a deletion did not record the verified repetitions."""
    sessions = [Session(number, each) for number, each in enumerate(given)]
    log, row = ListLog(), None
    for number, recorded, corrects in order:
        session = sessions[number]
        happened = next_events(session, recorded=recorded, corrects=corrects)
        for each in log.add(f"session-{number}", *happened):
            for key in ATHLETE_DAY.keys(each):
                row = ATHLETE_DAY.next_row(key, row, each)
        assert figures(row) == expected_day(sessions)


def test_a_day_without_sessions_goes_unless_a_restoration_needs_it() -> None:
    """R-WKT-06"""
    mixed = replace(completed(repetitions=10), verified_repetitions=4)
    for recorded in (True, False):
        gone = events.SessionDeleted(at=AT, trained=trained(mixed, recorded=recorded))
        row = None
        for each in ListLog().add("session-1", mixed, gone):
            for key in ATHLETE_DAY.keys(each):
                row = ATHLETE_DAY.next_row(key, row, each)
        assert (row is None) is recorded
        assert figures(row) == (0, 0, 0, 0, 0, 0)
