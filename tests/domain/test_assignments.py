"""Workouts that trainers assign to an athlete, by given, when and then."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.assignments import commands, events
from domain.assignments.assignments import ASSIGNMENTS, MAX_ENDED, OPEN
from domain.ids import AssignmentId, ExerciseId, SessionId, UserId
from domain.personal import Personal
from domain.values import InvalidValue
from domain.workouts.commands import MAX_LOAD_KG, TargetAmbiguous, WorkoutEmpty
from domain.workouts.events import PrescribedExercise
from domain.workouts.omitted import Omitted
from tests.specification import is_refused, specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=2)
TODAY = date(2030, 1, 1)
ADA, COACH, RIVAL = map(UserId, ("ada", "coach", "rival"))
LEGS, SESSION = AssignmentId("legs"), SessionId("assigned.1")
SQUATS = PrescribedExercise(ExerciseId("squat"), sets=3, target_repetitions=8, load_kg=60.0)
PLANK = PrescribedExercise(ExerciseId("plank"), sets=2, target_hold_s=30)
given = specification(ASSIGNMENTS)


def assign(key: str = LEGS, **other: Any) -> commands.AssignWorkout:
    usual: dict[str, Any] = {
        "athlete_id": ADA,
        "trainer_id": COACH,
        "name": "Legs",
        "note": "Slowly.",
        "exercises": (SQUATS,),
        "due_on": TODAY,
        "at": AT,
    }
    return commands.AssignWorkout(assignment_id=AssignmentId(key), **{**usual, **other})


def assigned(key: str = LEGS, trainer: UserId = COACH, due_on: date = TODAY) -> Any:
    return events.WorkoutAssigned(
        assignment_id=AssignmentId(key),
        athlete_id=ADA,
        trainer_id=trainer,
        name=Personal(ADA, "Legs"),
        note=Personal(ADA, "Slowly."),
        exercises=(SQUATS,),
        due_on=due_on,
        at=AT,
    )


def adjust(revision: int = 1, **other: Any) -> commands.AdjustAssignment:
    usual: dict[str, Any] = {
        "trainer_id": COACH,
        "name": "Legs",
        "note": "",
        "exercises": (SQUATS, PLANK),
        "due_on": TODAY,
        "at": LATER,
    }
    return commands.AdjustAssignment(assignment_id=LEGS, revision=revision, **{**usual, **other})


ADJUSTED = events.AssignmentAdjusted(
    assignment_id=LEGS,
    name=Personal(ADA, "Legs"),
    note=Personal(ADA, ""),
    exercises=(SQUATS, PLANK),
    due_on=TODAY,
    at=LATER,
)
BEGIN = commands.BeginAssignment(assignment_id=LEGS, revision=1, session_id=SESSION, at=LATER)
BEGUN = events.AssignmentBegun(assignment_id=LEGS, session_id=SESSION, at=LATER)
WITHDRAW = commands.WithdrawAssignment(assignment_id=LEGS, trainer_id=COACH, at=LATER)
WITHDRAWN = events.AssignmentWithdrawn(assignment_id=LEGS, at=LATER)
DECLINE = commands.DeclineAssignment(assignment_id=LEGS, at=LATER)
DECLINED = events.AssignmentDeclined(assignment_id=LEGS, at=LATER)
COMPLETED = commands.NoteCompleted(session_id=SESSION, at=LATER)
DELETED = commands.NoteDeleted(session_id=SESSION, at=LATER)
RESTORED = commands.NoteRestored(session_id=SESSION, at=LATER)
DONE = events.AssignmentDone(assignment_id=LEGS, at=LATER)
REOPENED = events.AssignmentReopened(assignment_id=LEGS, at=LATER)


def test_a_workout_is_assigned_begun_and_done() -> None:
    """R-CAT-06: each step once."""
    given().when(assign()).then(assigned())
    given(assigned()).when(assign()).then_nothing()
    given(assigned()).when(BEGIN).then(BEGUN)
    given(assigned(), BEGUN).when(BEGIN).then_rejected(commands.AssignmentBegunAlready)
    given(assigned(), BEGUN).when(COMPLETED).then(DONE)
    given(assigned(), BEGUN, DONE).when(COMPLETED).then_nothing()
    given(assigned(), BEGUN, DONE).when(BEGIN).then_rejected(commands.AssignmentOver)
    given(assigned()).when(COMPLETED).then_nothing()


def test_notes_to_exercises_are_personal_data_of_the_athlete() -> None:
    """R-CAT-06, R-TEN-09: an athlete's key encrypts them, as it does the name."""
    noted = replace(assigned(), notes=Personal(ADA, ("Mind the knee.",)))
    given().when(assign(notes=("Mind the knee.",))).then(noted)
    given().when(assign(notes=("",))).then(assigned())
    changed = replace(ADJUSTED, notes=Personal(ADA, ("", "Breathe.")))
    given(noted).when(adjust(notes=("", "Breathe."))).then(changed)
    given(noted, changed).when(adjust(2, notes=("", "Breathe."))).then_nothing()
    is_refused(InvalidValue, lambda: assign(notes=("Mind the knee.", "Breathe.")))


def test_a_change_keeps_what_it_leaves_out() -> None:
    """R-CAT-06: notes and targets of exercises, which older clients do not know."""
    hard = replace(SQUATS, target_rpe=8.0)
    noted = replace(assigned(), exercises=(hard,), notes=Personal(ADA, ("Mind the knee.",)))
    every = frozenset({0, 1})
    change = adjust(omitted=Omitted(notes=every, target_rpe=every))
    kept = Personal[tuple[str, ...]](ADA, ("Mind the knee.", ""))
    given(noted).when(change).then(replace(ADJUSTED, exercises=(hard, PLANK), notes=kept))
    given(noted).when(adjust()).then(ADJUSTED)


def test_a_deleted_session_opens_its_workout_again() -> None:
    given(assigned(), BEGUN).when(DELETED).then(REOPENED)
    given(assigned(), BEGUN, REOPENED).when(DELETED).then_nothing()
    given(assigned(), BEGUN, REOPENED).when(BEGIN).then(BEGUN)
    given(assigned(), BEGUN, DONE).when(DELETED).then_nothing()


def test_a_restored_session_performs_its_workout_again() -> None:
    """R-CAT-06: unless it is performed in another session, or has ended meanwhile."""
    reopened = given(assigned(), BEGUN, REOPENED)
    reopened.when(RESTORED).then(BEGUN)
    given(assigned(), BEGUN, REOPENED, BEGUN).when(RESTORED).then_nothing()
    given(assigned(), BEGUN, REOPENED, BEGUN).when(COMPLETED).then(DONE)
    given(assigned(), BEGUN, REOPENED, ADJUSTED).when(RESTORED).then(BEGUN)
    elsewhere = replace(BEGUN, session_id=SessionId("assigned.2"))
    given(assigned(), BEGUN, REOPENED, elsewhere).when(RESTORED).then_nothing()
    for ended in (WITHDRAWN, DECLINED):
        given(assigned(), BEGUN, REOPENED, ended).when(RESTORED).then_nothing()
    given(assigned()).when(RESTORED).then_nothing()


def test_only_its_trainer_changes_a_workout_until_it_is_begun() -> None:
    """R-CAT-06: for other trainers it does not exist."""
    given(assigned()).when(adjust()).then(ADJUSTED)
    given(assigned(), ADJUSTED).when(adjust(revision=2)).then_nothing()
    given(assigned(), ADJUSTED).when(adjust()).then_rejected(commands.AssignmentChanged)
    given(assigned(), ADJUSTED).when(BEGIN).then_rejected(commands.AssignmentChanged)
    given(assigned()).when(WITHDRAW).then(WITHDRAWN)
    given(assigned(), WITHDRAWN).when(WITHDRAW).then_nothing()
    given(assigned(), WITHDRAWN).when(adjust()).then_rejected(commands.AssignmentOver)
    given(assigned(), DECLINED).when(WITHDRAW).then_rejected(commands.AssignmentOver)
    for command in (adjust(), WITHDRAW):
        given().when(command).then_rejected(commands.AssignmentNotFound)
        begun = given(assigned(), BEGUN)
        begun.when(command).then_rejected(commands.AssignmentBegunAlready)
        of_another = given(assigned(trainer=RIVAL))
        of_another.when(command).then_rejected(commands.AssignmentNotFound)


def test_the_athlete_declines_what_is_open() -> None:
    given(assigned()).when(DECLINE).then(DECLINED)
    given(assigned(), BEGUN).when(DECLINE).then(DECLINED)
    given(assigned(), DECLINED).when(DECLINE).then_nothing()
    given(assigned(), WITHDRAWN).when(DECLINE).then_rejected(commands.AssignmentOver)
    given(assigned(), BEGUN, DECLINED).when(COMPLETED).then_nothing()
    given().when(DECLINE).then_rejected(commands.AssignmentNotFound)
    given().when(BEGIN).then_rejected(commands.AssignmentNotFound)


def test_the_end_of_a_permission_withdraws_what_was_not_begun() -> None:
    """R-TEN-06: of this trainer, and of nobody else."""
    end = commands.EndTrainer(trainer_id=COACH, at=LATER)
    both = assigned(), assigned("arms"), assigned("back", RIVAL), BEGUN
    arms = events.AssignmentWithdrawn(assignment_id=AssignmentId("arms"), at=LATER)
    given(*both).when(end).then(arms)
    given(*both, arms).when(end).then_nothing()


def test_the_number_of_open_workouts_is_limited() -> None:
    full = [assigned(f"a{each}") for each in range(commands.MAX_OPEN)]
    given(*full).when(assign()).then_rejected(commands.TooManyAssignments)
    first = events.AssignmentDeclined(assignment_id=AssignmentId("a0"), at=LATER)
    given(*full, first).when(assign()).then(assigned())


@pytest.mark.parametrize("days", [-2, 367])
def test_the_day_is_neither_over_nor_far_ahead(days: int) -> None:
    """Yesterday in UTC is still today somewhere."""
    given().when(assign(due_on=TODAY + timedelta(days=days))).then_rejected(InvalidValue)
    yesterday = TODAY - timedelta(days=1)
    given().when(assign(due_on=yesterday)).then(assigned(due_on=yesterday))
    overdue = given(assigned(due_on=date(2029, 12, 1)))
    kept = replace(ADJUSTED, due_on=date(2029, 12, 1))
    overdue.when(adjust(due_on=date(2029, 12, 1))).then(kept)
    overdue.when(adjust(due_on=date(2029, 12, 2))).then_rejected(InvalidValue)


@pytest.mark.parametrize("load", [math.nan, math.inf, -1.0, MAX_LOAD_KG + 1])
def test_a_load_is_a_weight(load: float) -> None:
    with pytest.raises(InvalidValue):
        assign(exercises=(replace(SQUATS, load_kg=load),))


def test_what_is_assigned_is_a_workout() -> None:
    with pytest.raises(WorkoutEmpty):
        assign(exercises=())
    with pytest.raises(WorkoutEmpty):
        assign(name=" ")
    with pytest.raises(TargetAmbiguous):
        assign(exercises=(replace(SQUATS, target_hold_s=5),))
    with pytest.raises(InvalidValue):
        assign(note="x" * (commands.MAX_NOTE_LENGTH + 1))
    with pytest.raises(InvalidValue):
        assign(trainer_id=ADA)


KEYS = st.sampled_from(["a", "b", "c"])
SESSIONS = st.sampled_from([SessionId("assigned.1"), SessionId("assigned.2")])
TRAINERS = st.sampled_from([COACH, RIVAL])
ANY = st.one_of(
    st.builds(assign, KEYS, trainer_id=TRAINERS),
    st.builds(
        lambda key, revision, name: replace(
            adjust(revision, name=name), assignment_id=AssignmentId(key)
        ),
        KEYS,
        st.integers(1, 3),
        st.sampled_from(["Legs", "Arms"]),
    ),
    st.builds(
        lambda key, session, revision: commands.BeginAssignment(
            assignment_id=AssignmentId(key), revision=revision, session_id=session, at=LATER
        ),
        KEYS,
        SESSIONS,
        st.integers(1, 3),
    ),
    st.builds(
        lambda key, trainer: commands.WithdrawAssignment(
            assignment_id=AssignmentId(key), trainer_id=trainer, at=LATER
        ),
        KEYS,
        TRAINERS,
    ),
    st.builds(
        lambda key: commands.DeclineAssignment(assignment_id=AssignmentId(key), at=LATER), KEYS
    ),
    st.builds(lambda trainer: commands.EndTrainer(trainer_id=trainer, at=LATER), TRAINERS),
    st.builds(lambda session: commands.NoteCompleted(session_id=session, at=LATER), SESSIONS),
    st.builds(lambda session: commands.NoteDeleted(session_id=session, at=LATER), SESSIONS),
)


@for_all(st.lists(ANY, max_size=30))
def test_any_history_leaves_each_workout_in_one_state(wanted: list[Any]) -> None:
    """R-EVT-14: open and ended ones are apart, and a session belongs to what was begun."""
    log = given().log_after(wanted)
    state = ASSIGNMENTS.fold(log)
    keys = [each.id for each in (*state.pending, *state.ended)]
    assert len(keys) == len(set(keys))
    assert all(each.state in OPEN for each in state.pending)
    assert all(each.state not in OPEN for each in state.ended)
    for each in state.pending:
        assert (each.session_id is not None) == (each.state == "begun")
    done = [event for event in log if isinstance(event, events.AssignmentDone)]
    assert len({event.assignment_id for event in done}) == len(done)


def test_only_the_latest_ended_workouts_are_remembered() -> None:
    history = [
        event
        for each in range(MAX_ENDED + 5)
        for event in (
            assigned(f"a{each}"),
            events.AssignmentDeclined(assignment_id=AssignmentId(f"a{each}"), at=LATER),
        )
    ]
    state = given(*history).state
    assert len(state.ended) == MAX_ENDED
    assert state.ended[-1].id == f"a{MAX_ENDED + 4}"
