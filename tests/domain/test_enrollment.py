from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from domain.enrollments import commands, events
from domain.enrollments.enrollment import ENROLLMENT, Enrollment
from domain.ids import EnrollmentId, PlanId, SessionId, SubscriptionId, UserId
from domain.values import InvalidValue
from tests.domain.enrollments import (
    ACTIVATED,
    ADA,
    ARMS,
    AT,
    CANCELLED,
    CREATED,
    FIRST,
    LEGS,
    MONDAY,
    SCHEDULE,
    day,
    missed,
    performed,
    scheduled,
)
from tests.specification import Given, specification

given = specification(ENROLLMENT)

ENROLL = commands.Enroll(
    enrollment_id=EnrollmentId("e"),
    session_key="k1",
    user_id=ADA,
    trainer_id=UserId("coach"),
    plan_id=PlanId("plan"),
    plan_number=3,
    schedule=SCHEDULE,
    subscription_id=None,
    at=AT,
)


def note_day(offset: int) -> commands.NoteDay:
    return commands.NoteDay(today=day(offset), at=AT + timedelta(days=5 + offset))


NOTE = commands.NotePerformed(
    user_id=ADA,
    session_id=FIRST.session_id,
    workout_id=LEGS,
    on=MONDAY,
    began_at=AT + timedelta(days=6),
)


def enrolled(
    rule: events.MissedDay,
) -> Given[commands.EnrollmentCommand, events.EnrollmentEvent, Enrollment]:
    schedule = replace(SCHEDULE, missed_day=rule)
    return given(replace(CREATED, schedule=schedule), FIRST, ACTIVATED)


def test_choosing_a_free_plan_schedules_its_first_workout_and_begins() -> None:
    """R-CAT-03, C-17, C-27: in one append, so neither exists without the other."""
    given().when(ENROLL).then(CREATED, FIRST, ACTIVATED)


def test_choosing_a_paid_plan_waits_for_the_payment() -> None:
    """R-CAT-03, C-27"""
    subscription = SubscriptionId("s")
    pending = replace(CREATED, subscription_id=subscription)
    given().when(replace(ENROLL, subscription_id=subscription)).then(pending, FIRST)
    paid = commands.Activate(subscription_id=subscription, at=AT)
    given(pending, FIRST).when(paid).then(ACTIVATED)
    given(pending, FIRST, ACTIVATED).when(paid).then_nothing()
    other = commands.Activate(subscription_id=SubscriptionId("other"), at=AT)
    given(pending, FIRST).when(other).then_nothing()


@pytest.mark.parametrize("rule", get_args(events.MissedDay))
@pytest.mark.parametrize(
    ("start", "paid_after", "due"), [(0, 1, 1), (1, 1, 2), (0, 3, 3), (5, 2, 5)]
)
def test_no_workout_is_missed_before_the_payment(
    rule: events.MissedDay, start: int, paid_after: int, due: int
) -> None:
    """R-CAT-03, C-27: days count from the choice of the plan; payments may take one, or more."""
    subscription, today = SubscriptionId("s"), AT.date()
    schedule = replace(SCHEDULE, missed_day=rule, start_on=today + timedelta(days=start))
    pending = replace(CREATED, subscription_id=subscription, schedule=schedule)
    first = scheduled(1, schedule.start_on)
    at = AT + timedelta(days=paid_after)
    activated = events.EnrollmentActivated(at=at)
    moved = [scheduled(1, today + timedelta(days=due), again="-2")] if due > start else []
    paid = given(pending, first)
    paid.when(commands.Activate(subscription_id=subscription, at=at)).then(activated, *moved)
    underway = given(pending, first, activated, *moved)
    underway.when(commands.NoteDay(today=at.date(), at=at)).then_nothing()


def test_a_user_is_enrolled_in_a_plan_once_at_a_time() -> None:
    """R-CAT-03: a second enrollment has sessions of its own."""
    given(CREATED, FIRST, ACTIVATED).when(ENROLL).then_rejected(commands.AlreadyEnrolled)
    again = given(CREATED, FIRST, ACTIVATED, CANCELLED).when(replace(ENROLL, session_key="k2"))
    again.then(CREATED, scheduled(1, MONDAY, key="k2"), ACTIVATED)


def test_a_performed_workout_is_followed_by_the_next_one_until_the_plan_ends() -> None:
    log = given(CREATED, FIRST, ACTIVATED).log_after(
        commands.NotePerformed(
            user_id=ADA,
            session_id=SessionId(f"e.k1.{number}"),
            workout_id=(LEGS, ARMS)[(number - 1) % 2],
            on=day(offset),
            began_at=AT + timedelta(days=6 + offset),
        )
        for number, offset in ((1, 0), (2, 3), (3, 7), (4, 10))
    )
    assert log[3:] == (
        performed(1, day(0)), scheduled(2, day(3)),
        performed(2, day(3)), scheduled(3, day(7)),
        performed(3, day(7)), scheduled(4, day(10)),
        performed(4, day(10)), events.EnrollmentCompleted(on=day(10)),
    )  # fmt: skip


def test_only_the_next_workout_can_be_performed() -> None:
    again = replace(NOTE, session_id=SessionId("e.k1.2"))
    given(CREATED, FIRST, ACTIVATED).when(again).then_nothing()
    ended = given(CREATED, FIRST, ACTIVATED, CANCELLED)
    ended.when(NOTE).then_nothing()


def test_sessions_of_others_and_without_a_plan_change_nothing() -> None:
    """C-17: clients choose ids of sessions."""
    given(CREATED, FIRST, ACTIVATED).when(replace(NOTE, user_id=UserId("eve"))).then_nothing()
    given().when(NOTE).then_nothing()


def test_a_session_with_another_workout_is_not_that_of_the_plan() -> None:
    """C-17: the athlete chooses the workout of a session when it starts.

    Its id is used, so the workout of the plan gets another one.
    """
    second, third = (scheduled(1, MONDAY, again=each) for each in ("-2", "-3"))
    for other in (ARMS, None):
        note = replace(NOTE, workout_id=other)
        given(CREATED, FIRST, ACTIVATED).when(note).then(second)
        given(CREATED, FIRST, ACTIVATED, second).when(note).then_nothing()
        note = replace(note, session_id=second.session_id)
        given(CREATED, FIRST, ACTIVATED, second).when(note).then(third)


def test_a_session_before_the_payment_does_not_count_and_leaves_the_workout_due() -> None:
    """C-27: everybody may perform the preview of a paid plan."""
    pending = replace(CREATED, subscription_id=SubscriptionId("s"))
    given(pending, FIRST).when(NOTE).then(scheduled(1, MONDAY, again="-2"))


def test_a_workout_whose_session_was_deleted_gets_another_session_id() -> None:
    second = scheduled(1, MONDAY, again="-2")
    delete = commands.NoteDeleted(user_id=ADA, session_id=FIRST.session_id)
    given(CREATED, FIRST, ACTIVATED).when(delete).then(second)
    given(CREATED, FIRST, ACTIVATED, second).when(delete).then_nothing()
    given(CREATED, FIRST, ACTIVATED).when(replace(delete, user_id=UserId("eve"))).then_nothing()
    restored = given(CREATED, FIRST, ACTIVATED, second).when(NOTE)
    restored.then(performed(1, MONDAY), scheduled(2, day(3)))
    given(CREATED, FIRST, ACTIVATED, CANCELLED).when(delete).then_nothing()
    given().when(delete).then_nothing()


def test_a_missed_workout_shifts_all_others() -> None:
    plan = enrolled("shift")
    note = note_day(2)
    plan.when(note).then(missed(1, "shift", day(0)), scheduled(1, day(2), again="-2"))
    after = plan.log_after([note, replace(NOTE, on=day(2))])
    assert after[-1] == scheduled(2, day(5)), "three days after the first, as the plan has it"


def test_a_session_that_began_before_the_workout_moved_counts() -> None:
    moved = scheduled(1, day(2), again="-2")
    begun = given(CREATED, FIRST, ACTIVATED, missed(1, "shift", day(0)), moved)
    for session in (FIRST.session_id, moved.session_id):
        note = replace(NOTE, session_id=session, on=day(2))
        begun.when(note).then(performed(1, day(2)), scheduled(2, day(5)))


def test_a_missed_workout_is_skipped() -> None:
    plan = enrolled("skip")
    plan.when(note_day(8)).then(
        missed(1, "skip", day(0)), scheduled(2, day(3)),
        missed(2, "skip", day(3)), scheduled(3, day(7)),
        missed(3, "skip", day(7)), scheduled(4, day(10)),
    )  # fmt: skip
    *_, completed = plan.log_after([note_day(90)])
    assert completed == events.EnrollmentCompleted(on=day(10))


def test_a_missed_workout_is_repeated_on_the_next_training_day() -> None:
    plan = enrolled("repeat")
    note = note_day(1)
    plan.when(note).then(missed(1, "repeat", day(0)), scheduled(1, day(3), again="-2"))
    after = plan.log_after([note, replace(NOTE, on=day(3))])
    assert after[-1] == scheduled(2, day(7))


def test_repeated_workouts_stay_on_training_days() -> None:
    """Mondays, Wednesdays and Fridays: also the others, however late one is performed."""
    schedule = replace(SCHEDULE, weeks=4, sessions_per_week=3, missed_day="repeat")
    plan = given(replace(CREATED, schedule=schedule), FIRST, ACTIVATED)
    on_saturday = note_day(5)
    plan.when(on_saturday).then(missed(1, "repeat", day(0)), scheduled(1, day(7), again="-2"))
    on_monday = replace(NOTE, on=day(7))
    second = scheduled(2, day(9))
    assert plan.log_after([on_saturday, on_monday])[-1] == second
    on_thursday = replace(on_monday, session_id=second.session_id, workout_id=ARMS, on=day(10))
    third = scheduled(3, day(11))
    log = plan.log_after([on_saturday, on_monday, on_thursday])
    assert log[-1] == third
    given(*log).when(note_day(20)).then(
        missed(3, "repeat", day(11)), scheduled(3, day(21), again="-2")
    )


def test_two_workouts_of_a_training_day_stay_on_it() -> None:
    """With fourteen sessions a week, each day has two."""
    schedule = replace(SCHEDULE, weeks=1, sessions_per_week=14, missed_day="repeat")
    plan = given(replace(CREATED, schedule=schedule), FIRST, ACTIVATED)
    notes: list[commands.EnrollmentCommand] = []
    for number in range(1, 15):
        due = scheduled(number, day((number - 1) // 2))
        performing = replace(NOTE, session_id=due.session_id, workout_id=due.workout_id)
        notes.append(replace(performing, on=due.due_on))
    log = plan.log_after(notes)
    due_days = [each.due_on for each in log if isinstance(each, events.WorkoutScheduled)]
    assert due_days == [day(number // 2) for number in range(14)]


def test_a_pause_moves_the_training_days_of_repeated_workouts() -> None:
    paid_by = SubscriptionId("s")
    schedule = replace(SCHEDULE, sessions_per_week=3, missed_day="repeat")
    created = replace(CREATED, schedule=schedule, subscription_id=paid_by)
    pause = commands.Pause(subscription_id=paid_by, at=AT)
    resume = commands.Continue(subscription_id=paid_by, at=AT + timedelta(days=1))
    resumed = given(created, FIRST, ACTIVATED).log_after([pause, resume])
    assert resumed[-1] == scheduled(1, day(1), again="-2")
    given(*resumed).when(note_day(2)).then(
        missed(1, "repeat", day(1)), scheduled(1, day(3), again="-3")
    )


def test_a_long_absence_is_one_missed_workout() -> None:
    """Days are not counted one by one: they can be many."""
    plan = enrolled("repeat")
    moved = scheduled(1, day(70_003), again="-2")
    plan.when(note_day(70_001)).then(missed(1, "repeat", day(0)), moved)


def test_a_day_in_the_future_is_refused() -> None:
    """C-17: it would end or delay a plan. The day in UTC+14 is one ahead of that of the server."""
    assert commands.NoteDay(today=AT.date() + timedelta(days=1), at=AT)
    with pytest.raises(InvalidValue):
        commands.NoteDay(today=AT.date() + timedelta(days=2), at=AT)


@pytest.mark.parametrize("rule", ["shift", "skip", "repeat"])
def test_a_day_without_a_missed_workout_changes_nothing(rule: events.MissedDay) -> None:
    enrolled(rule).when(note_day(0)).then_nothing()
    note = note_day(9)
    log = enrolled(rule).log_after([note])
    given(*log).when(note).then_nothing()


def test_an_enrollment_is_cancelled_once() -> None:
    cancel = commands.Cancel(reason="athlete", at=AT)
    given(CREATED, FIRST, ACTIVATED).when(cancel).then(CANCELLED)
    given(CREATED, FIRST, ACTIVATED, CANCELLED).when(cancel).then_nothing()
    given().when(cancel).then_rejected(commands.EnrollmentNotFound)


def test_a_pause_of_the_subscription_moves_the_workouts_on() -> None:
    """R-PAY-12, C-27: no day is missed while it is paused."""
    paid_by = SubscriptionId("s")
    created = replace(CREATED, subscription_id=paid_by)
    underway = (created, scheduled(1, MONDAY), ACTIVATED)
    pause = commands.Pause(subscription_id=paid_by, at=AT)
    paused = events.EnrollmentPaused(at=AT)
    given(*underway).when(pause).then(paused)
    given(*underway).when(replace(pause, subscription_id=SubscriptionId("t"))).then_nothing()
    stopped = given(*underway, paused)
    stopped.when(pause).then_nothing()
    later = AT + timedelta(days=30)
    stopped.when(commands.NoteDay(today=later.date(), at=later)).then_nothing()
    stopped.when(commands.Activate(subscription_id=paid_by, at=later)).then_nothing()
    go_on = commands.Continue(subscription_id=paid_by, at=later)
    continued = events.EnrollmentContinued(at=later)
    stopped.when(go_on).then(continued, scheduled(1, MONDAY + timedelta(days=30), again="-2"))
    given(*underway).when(go_on).then_nothing()
    given(*underway, paused, continued).when(go_on).then_nothing()


def test_a_workout_that_was_left_out_counts_if_it_was_performed_on_its_day() -> None:
    """R-CAT-03: its device had no connection, and another one applied the rule in the meantime."""
    plan = enrolled("skip")
    left_out = given(*plan.log_after([note_day(1)]))
    left_out.when(NOTE).then(performed(1, MONDAY))
    left_out.when(replace(NOTE, on=day(1))).then_nothing()
    left_out.when(replace(NOTE, workout_id=ARMS)).then_nothing()
    left_out.when(replace(NOTE, user_id=UserId("eve"))).then_nothing()
    given(*plan.log_after([note_day(1), NOTE])).when(NOTE).then_nothing()


def test_a_workout_that_was_left_out_counts_after_the_end_of_the_plan() -> None:
    """R-CAT-03: the last one, too."""
    last = scheduled(4, day(10))
    note = replace(NOTE, session_id=last.session_id, workout_id=ARMS, on=day(10))
    plan = enrolled("skip")
    over = given(*plan.log_after([note_day(90)]))
    over.when(note).then(performed(4, day(10)))
    given(*plan.log_after([note_day(90), note])).when(note).then_nothing()


@pytest.mark.parametrize("rule", ["shift", "repeat"])
def test_a_workout_that_was_performed_in_time_and_sent_later_moves_nothing(
    rule: events.MissedDay,
) -> None:
    """R-CAT-03: without a connection, the rule of the plan may be applied before it arrives."""
    for days_noted in ([note_day(1)], [note_day(2)], [note_day(1), note_day(5)]):
        log = enrolled(rule).log_after([*days_noted, replace(NOTE, on=day(0))])
        assert log[-2:] == (performed(1, day(0)), scheduled(2, day(3))), days_noted
        second = replace(NOTE, session_id=SessionId("e.k1.2"), workout_id=ARMS, on=day(3))
        log = enrolled(rule).log_after([*days_noted, replace(NOTE, on=day(0)), second])
        assert log[-1] == scheduled(3, day(7)), days_noted


def test_a_workout_that_was_performed_after_its_day_shifts_all_others() -> None:
    """R-CAT-03: on the second day, as if the plan had been opened then, before or afterwards."""
    note = replace(NOTE, on=day(2))
    for days_noted in ([], [note_day(1)], [note_day(2)], [note_day(1), note_day(2)], [note_day(6)]):
        log = enrolled("shift").log_after([*days_noted, note])
        assert log[-2:] == (performed(1, day(2)), scheduled(2, day(5))), days_noted


def test_a_workout_that_was_performed_before_a_pause_counts_when_it_arrives() -> None:
    """R-CAT-03, R-PAY-12: also during the pause, after which the next one is due later."""
    paid_by = SubscriptionId("s")
    pause_at = AT + timedelta(days=7)
    paused = events.EnrollmentPaused(at=pause_at)
    plan = given(replace(CREATED, subscription_id=paid_by), FIRST, ACTIVATED, paused)
    plan.when(NOTE).then(performed(1, day(0)), scheduled(2, day(3)))
    tomorrow = pause_at.date() + timedelta(days=1)
    plan.when(replace(NOTE, on=tomorrow, began_at=pause_at + timedelta(hours=1))).then(
        scheduled(1, day(0), again="-2")
    )
    resume = commands.Continue(subscription_id=paid_by, at=pause_at + timedelta(days=30))
    assert plan.log_after([NOTE, resume])[-1] == scheduled(2, day(33), again="-2")


def test_a_workout_before_a_pause_counts_where_the_day_is_ahead_of_utc() -> None:
    """R-CAT-03: in Auckland it is Monday when the plan is paused, on Sunday in UTC."""
    pause_at = datetime.combine(MONDAY, time(10), ZoneInfo("Pacific/Auckland"))
    paused = events.EnrollmentPaused(at=pause_at.astimezone(UTC))
    plan = given(CREATED, FIRST, ACTIVATED, paused)
    before, after = pause_at - timedelta(hours=1), pause_at + timedelta(hours=1)
    plan.when(replace(NOTE, began_at=before)).then(performed(1, MONDAY), scheduled(2, day(3)))
    plan.when(replace(NOTE, began_at=after)).then(scheduled(1, MONDAY, again="-2"))
