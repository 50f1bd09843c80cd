"""Enrollment decider: schedules the workouts of a plan for one athlete, one after the other.

A workout that was missed follows the plan's rule. `shift`: it is due today, and all later ones move
by as many days. `skip`: it is left out. `repeat`: it takes the first training day of the plan from
today on, and all later ones the training days after it.

A workout counts for the day on which it was performed. Its session may arrive later, before or
after the rule has moved the workout.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.enrollments import commands, events
from domain.enrollments.events import Schedule
from domain.ids import PlanId, SessionId, SubscriptionId, UserId
from domain.kernel import Decider, value


@value
class NotEnrolled:
    """No enrollment exists with this id."""


@value
class Scheduled:
    """The workout that is due next. The last one of its `session_ids` is the current one."""

    number: int
    session_ids: tuple[SessionId, ...]
    due_on: date

    def again(self) -> SessionId:
        """Return another session id for this workout."""
        first, *_ = self.session_ids
        return SessionId(f"{first}-{len(self.session_ids) + 1}")


@value
class Placement:
    """A day on which a workout was due, with `delay_days` and `passed` of its enrollment then."""

    due_on: date
    delay_days: int
    passed: int


@value
class Enrolled:
    """An enrollment that waits for a payment, is under way (`active`), or is paused.

    `delay_days` is how far missed workouts and pauses have moved the others. By the rule `repeat`,
    a missed workout takes the training day of a later one; `passed` counts the days so taken. By
    the rule `skip`, missed workouts are `left_out`. `moved_from` is the placement of the next
    workout before it was missed; None if it was not.
    """

    user_id: UserId
    plan_id: PlanId
    schedule: Schedule
    subscription_id: SubscriptionId | None
    created_at: datetime
    active: bool = False
    next: Scheduled | None = None
    delay_days: int = 0
    passed: int = 0
    paused_at: datetime | None = None
    left_out: tuple[Scheduled, ...] = ()
    moved_from: Placement | None = None

    @property
    def waits_for_payment(self) -> bool:
        """Whether it begins with the first payment of its subscription."""
        return not self.active and self.paused_at is None

    def was_active(self, on: date, at: datetime) -> bool:
        """Return whether it is under way, or was when a session began: before its pause.

        A session on the day of the pause (UTC) counts too, as the clock of its device may be wrong.
        """
        paused_at = self.paused_at
        was_before = paused_at is not None and (at <= paused_at or on <= paused_at.date())
        return self.active or was_before

    def planned_on(self, number: int) -> date:
        """Return the training day of a workout."""
        days = self.schedule.offset_days(number + self.passed) + self.delay_days
        return self.schedule.start_on + timedelta(days=days)

    def training_day(self, number: int, since: date) -> date:
        """Return the first training day from a day on, but none before that of the workout."""
        offset = (since - self.schedule.start_on).days - self.delay_days
        place = max(number + self.passed, self.schedule.number_from(offset))
        days = self.schedule.offset_days(place) + self.delay_days
        return self.schedule.start_on + timedelta(days=days)

    def moved(self, number: int, due: date) -> "Enrolled":
        """Return the enrollment with its days so that this workout is due on this one."""
        schedule, offset = self.schedule, (due - self.schedule.start_on).days
        if schedule.missed_day == "repeat" and self.training_day(number, due) == due:
            place = max(number + self.passed, schedule.number_from(offset - self.delay_days))
            return replace(self, passed=place - number)
        delay = offset - schedule.offset_days(number + self.passed)
        return replace(self, delay_days=max(0, delay))

    def before_miss(self) -> "Enrolled":
        """Return the enrollment with its days as they were before the next workout was missed."""
        if self.next is None or self.moved_from is None:
            return self
        earlier = self.moved_from
        return replace(
            self,
            next=replace(self.next, due_on=earlier.due_on),
            delay_days=earlier.delay_days,
            passed=earlier.passed,
            moved_from=None,
        )


@value
class Ended:
    """An enrollment that was completed or cancelled. The user may enroll again.

    `completed` is what was completed, None after a cancellation.
    """

    subscription_id: SubscriptionId | None
    completed: Enrolled | None = None


Enrollment = NotEnrolled | Enrolled | Ended


def decide(
    command: commands.EnrollmentCommand, enrollment: Enrollment
) -> tuple[events.EnrollmentEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(command, commands.Enroll):
        if isinstance(enrollment, Enrolled) and not command.replaces:
            raise commands.AlreadyEnrolled
        return tuple(_enroll(command, enrollment))
    match enrollment:
        case NotEnrolled():
            if isinstance(command, commands.Cancel | commands.NoteDay):
                raise commands.EnrollmentNotFound
            return ()
        case Enrolled():
            return _continue(command, enrollment)
        case Ended(completed=completed):
            if completed is not None and isinstance(command, commands.NotePerformed):
                return tuple(_performed_in_time(command, completed))
            return ()


Change = (
    commands.Activate
    | commands.NotePerformed
    | commands.NoteDeleted
    | commands.NoteDay
    | commands.Cancel
    | commands.Pause
    | commands.Continue
    | commands.EndSubscription
)


def _continue(command: Change, enrolled: Enrolled) -> tuple[events.EnrollmentEvent, ...]:
    match command:
        case commands.Activate(subscription_id=paid, at=at):
            if not enrolled.waits_for_payment or paid != enrolled.subscription_id:
                return ()
            return tuple(_activated(at, enrolled))
        case commands.NotePerformed():
            return tuple(_performed(command, enrolled))
        case commands.NoteDeleted(user_id=user, session_id=deleted):
            return tuple(_replaced(user, deleted, enrolled))
        case commands.NoteDay(today=today):
            return tuple(_missed(today, enrolled)) if enrolled.active else ()
        case commands.Cancel(reason=reason, at=at):
            return (events.EnrollmentCancelled(reason=reason, at=at),)
        case commands.Pause() | commands.Continue() | commands.EndSubscription():
            is_own = command.subscription_id == enrolled.subscription_id
            return tuple(_follow(command, enrolled)) if is_own else ()


def evolve(enrollment: Enrollment, event: events.EnrollmentEvent) -> Enrollment:
    """Apply one event. History is never refused."""
    match event, enrollment:
        case events.EnrollmentCreated(), _:
            return Enrolled(
                user_id=event.user_id,
                plan_id=event.plan_id,
                schedule=event.schedule,
                subscription_id=event.subscription_id,
                created_at=event.at,
            )
        case events.WorkoutPerformed(), Ended(completed=Enrolled() as completed):
            return replace(enrollment, completed=_with_result(event, completed))
        case _, NotEnrolled() | Ended():
            return enrollment
        case events.WorkoutScheduled(number=number, session_id=session, due_on=due), Enrolled():
            before = enrollment.next
            is_same = before is not None and before.number == number
            earlier = before.session_ids if before and is_same else ()
            due_next = Scheduled(number, (*earlier, session), due)
            enrolled = enrollment if is_same else enrollment.before_miss()
            return replace(enrolled.moved(number, due), next=due_next)
        case events.EnrollmentActivated(), Enrolled():
            return replace(enrollment, active=True)
        case events.EnrollmentPaused(at=at), Enrolled():
            return replace(enrollment, active=False, paused_at=at)
        case events.EnrollmentContinued(), Enrolled():
            return replace(enrollment, active=True, paused_at=None, moved_from=None)
        case ((events.WorkoutPerformed() | events.WorkoutMissed()), Enrolled()):
            return _with_result(event, enrollment)
        case events.EnrollmentCompleted(), Enrolled():
            return Ended(enrollment.subscription_id, enrollment)
        case events.EnrollmentCancelled(), Enrolled():
            return Ended(enrollment.subscription_id)


def _with_result(
    event: events.WorkoutPerformed | events.WorkoutMissed, enrolled: Enrolled
) -> Enrolled:
    """Return the enrollment with what is left out after a workout was performed or missed."""
    left_out = tuple(each for each in enrolled.left_out if each.number != event.number)
    if isinstance(event, events.WorkoutPerformed) or enrolled.next is None:
        return replace(enrolled, left_out=left_out)
    if event.rule == "skip":
        return replace(enrolled, left_out=(*left_out, enrolled.next))
    placed = Placement(enrolled.next.due_on, enrolled.delay_days, enrolled.passed)
    return replace(enrolled, left_out=left_out, moved_from=enrolled.moved_from or placed)


def _enroll(command: commands.Enroll, enrollment: Enrollment) -> Iterator[events.EnrollmentEvent]:
    """Enroll with the first workout of the plan, and begin if the plan is free."""
    if isinstance(enrollment, Enrolled):
        yield events.EnrollmentCancelled(reason="plan_changed", at=command.at)
    yield events.EnrollmentCreated(
        user_id=command.user_id,
        trainer_id=command.trainer_id,
        plan_id=command.plan_id,
        plan_number=command.plan_number,
        schedule=command.schedule,
        subscription_id=command.subscription_id,
        at=command.at,
    )
    first = SessionId(f"{command.enrollment_id}.{command.session_key}.1")
    yield _scheduled(command.schedule, 1, first, command.schedule.start_on)
    if command.subscription_id is None or command.is_paid:
        yield events.EnrollmentActivated(at=command.at)


def _activated(at: datetime, enrolled: Enrolled) -> Iterator[events.EnrollmentEvent]:
    """Begin after the payment. A workout is not missed because it took days.

    The first one is due as many days later, but at most on the day after the payment: dates are in
    UTC here, and the athlete's day may have begun earlier.
    """
    yield events.EnrollmentActivated(at=at)
    due, days = enrolled.next, (at.date() - enrolled.created_at.date()).days
    if due is None:
        return
    latest = at.date() + timedelta(days=1)
    due_on = min(due.due_on + timedelta(days=days), latest)
    if due_on > due.due_on:
        yield _scheduled(enrolled.schedule, due.number, due.again(), due_on)


def _follow(
    command: commands.Pause | commands.Continue | commands.EndSubscription, enrolled: Enrolled
) -> Iterator[events.EnrollmentEvent]:
    """Pause, continue or end with the subscription."""
    match command:
        case commands.Pause(at=at):
            if enrolled.active:
                yield events.EnrollmentPaused(at=at)
        case commands.Continue(at=at):
            if enrolled.paused_at is not None:
                yield from _continued(at, enrolled.paused_at, enrolled)
        case commands.EndSubscription(reason=reason, at=at):
            yield events.EnrollmentCancelled(reason=reason, at=at)


def _continued(
    at: datetime, paused_at: datetime, enrolled: Enrolled
) -> Iterator[events.EnrollmentEvent]:
    """Continue after a pause. The next workout is due as many days later as the pause took."""
    yield events.EnrollmentContinued(at=at)
    due, days = enrolled.next, (at.date() - paused_at.date()).days
    if due is not None and days > 0:
        due_on = due.due_on + timedelta(days=days)
        yield _scheduled(enrolled.schedule, due.number, due.again(), due_on)


def _performed(
    command: commands.NotePerformed, enrolled: Enrolled
) -> Iterator[events.EnrollmentEvent]:
    due = enrolled.next
    is_own = command.user_id == enrolled.user_id
    if not (is_own and due and command.session_id in due.session_ids):
        yield from _performed_in_time(command, enrolled)
        return
    is_its_workout = command.workout_id == enrolled.schedule.workout(due.number)
    if not (is_its_workout and enrolled.was_active(command.on, command.began_at)):
        yield from _replaced(command.user_id, command.session_id, enrolled)
        return
    rule, planned = enrolled.schedule.missed_day, enrolled.before_miss()
    due = planned.next or due
    if rule != "skip" and due.due_on < command.on and enrolled.moved_from is None:
        # Its day had passed, and nobody opened the plan until it was performed.
        yield events.WorkoutMissed(number=due.number, rule=rule, due_on=due.due_on)
    yield events.WorkoutPerformed(number=due.number, on=command.on)
    yield from _next_after(planned, due, command.on)


def _performed_in_time(
    command: commands.NotePerformed, enrolled: Enrolled
) -> Iterator[events.EnrollmentEvent]:
    """Count a workout that was left out, although it was performed when it was due."""
    for due in enrolled.left_out:
        is_its_session = (
            command.user_id == enrolled.user_id
            and command.session_id in due.session_ids
            and command.workout_id == enrolled.schedule.workout(due.number)
        )
        if is_its_session and command.on <= due.due_on:
            yield events.WorkoutPerformed(number=due.number, on=command.on)


def _replaced(
    user_id: UserId, session_id: SessionId, enrolled: Enrolled
) -> Iterator[events.EnrollmentEvent]:
    """Give the next workout another session id if this one, of this user, is its current one."""
    due = enrolled.next
    if user_id == enrolled.user_id and due and due.session_ids[-1] == session_id:
        yield _scheduled(enrolled.schedule, due.number, due.again(), due.due_on)


def _missed(today: date, enrolled: Enrolled) -> Iterator[events.EnrollmentEvent]:
    due, rule = enrolled.next, enrolled.schedule.missed_day
    while due is not None and due.due_on < today:
        yield events.WorkoutMissed(number=due.number, rule=rule, due_on=due.due_on)
        if rule == "skip":
            following = tuple(_next_after(enrolled, due, due.due_on))
            yield from following
            due = _due_after(enrolled, following)
            continue
        due_on = today if rule == "shift" else enrolled.training_day(due.number, today)
        yield _scheduled(enrolled.schedule, due.number, due.again(), due_on)
        return


def _due_after(
    enrolled: Enrolled, following: tuple[events.EnrollmentEvent, ...]
) -> Scheduled | None:
    """Return the workout that is due after these events, or None at the end of the plan."""
    after = ENROLLMENT.fold(following, enrolled)
    return after.next if isinstance(after, Enrolled) else None


def _next_after(enrolled: Enrolled, done: Scheduled, on: date) -> Iterator[events.EnrollmentEvent]:
    """Schedule the workout after one that was done or left out on a day, or end the plan."""
    schedule, number = enrolled.schedule, done.number + 1
    if number > schedule.sessions:
        yield events.EnrollmentCompleted(on=on)
        return
    following = SessionId(f"{done.session_ids[0].rpartition('.')[0]}.{number}")
    match schedule.missed_day:
        case "skip":
            due_on = enrolled.planned_on(number)
        case "shift":
            delay = max(on - done.due_on, timedelta())
            due_on = max(enrolled.planned_on(number) + delay, on)
        case "repeat":
            is_same_day = enrolled.planned_on(number) == done.due_on == on
            since = on if is_same_day else on + timedelta(days=1)
            due_on = enrolled.training_day(number, since)
    yield _scheduled(schedule, number, following, due_on)


def _scheduled(
    schedule: Schedule, number: int, session: SessionId, due_on: date
) -> events.WorkoutScheduled:
    return events.WorkoutScheduled(
        number=number, workout_id=schedule.workout(number), session_id=session, due_on=due_on
    )


ENROLLMENT = Decider[commands.EnrollmentCommand, events.EnrollmentEvent, Enrollment](
    "enrollment", initial=NotEnrolled(), decide=decide, evolve=evolve
)
