"""Enrollments: their view, and commands with inputs and writes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.caller import NewId
from api.views.base import Body, StrictBody, documented, write
from api.views.owned_rows import find_visible, newest_page
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.read_models import Page, Window
from application.payments.checkout import BillingName, Payer
from application.payments.pricing import MAX_CODE_LENGTH
from domain.enrollments import commands
from domain.ids import EnrollmentId, PlanId, UserId
from domain.invoices.billing_details import MAX_NAME_LENGTH
from domain.money import MAX_MINOR, Currency, Money, Region
from domain.payments.events import Gateway
from projections.enrollment import ENROLLMENT, EnrollmentStatus
from projections.enrollment import Enrollment as Row


class ScheduledWorkout(Body):
    """The next workout of an enrollment. Start it with `startWorkout` and this session id."""

    number: int = Field(description="From 1, over all weeks of the plan.")
    workout_id: str
    session_id: str
    due_on: date


class Enrollment(Body):
    """A user's way through one version of a plan."""

    enrollment_id: str
    user_id: str
    plan_id: str
    plan_number: int = Field(description="The version of the plan.")
    status: EnrollmentStatus
    weeks: int
    sessions: int = Field(description="Workouts of all weeks.")
    performed: int
    missed: int = Field(description="Workouts that were missed, each once.")
    next: ScheduledWorkout | None
    created_at: datetime
    subscription_id: str | None = Field(description="That of a paid plan.")

    @classmethod
    def of(cls, row: Row) -> "Enrollment":
        """Convert a row of the read model."""
        scheduled = None
        if row.next_number and row.next_workout_id and row.next_session_id and row.next_due_on:
            scheduled = ScheduledWorkout(
                number=row.next_number,
                workout_id=row.next_workout_id,
                session_id=row.next_session_id,
                due_on=row.next_due_on,
            )
        return cls(
            enrollment_id=row.id,
            user_id=row.user_id,
            plan_id=row.plan_id,
            plan_number=row.plan_number,
            status=row.status,
            weeks=row.weeks,
            sessions=row.sessions,
            performed=row.performed,
            missed=row.missed,
            next=scheduled,
            created_at=row.created_at,
            subscription_id=row.subscription_id,
        )


def find_enrollments(caller: Caller, keys: Collection[str]) -> dict[str, Enrollment]:
    """Return enrollments that the caller may see, by id."""
    rows = find_visible(caller, ENROLLMENT, keys)
    return {key: Enrollment.of(row) for key, row in rows.items()}


def enrollment_page(caller: Caller, wanted: Window) -> Page[Row]:
    """Return a page of the caller's enrollments, newest first."""
    return newest_page(caller, ENROLLMENT, wanted)


@dataclass(frozen=True, slots=True)
class EnrollmentWritten:
    """Result of a command: the log has it up to `position`. A paid one has a first payment."""

    enrollment_id: str
    position: int
    repeated: bool
    subscription_id: str | None = None
    payment_id: str | None = None


class Billing(StrictBody):
    """Whom new invoices name. The country is a code of ISO 3166, such as `DE`."""

    name: Annotated[str, documented(minLength=1, maxLength=MAX_NAME_LENGTH)]
    country: str


class ShownPrice(StrictBody):
    """The amount that the user was shown. Another one is refused with `plan.price_changed`."""

    amount_minor: Annotated[int, documented(minimum=1, maximum=MAX_MINOR)]
    currency: Currency


class Enroll(StrictBody):
    """Choose a plan, whose first workout is due on a day.

    For a paid plan, name the region in which you pay, a gateway if you prefer one, and whom
    invoices name from now on. With its trial it begins at once, and its first payment is due at
    the end of the trial; a coupon reduces that.
    """

    user_id: NewId
    plan_id: NewId
    start_on: date
    region: Region | None = None
    gateway: Gateway | None = None
    billing: Billing | None = None
    coupon_code: Annotated[str | None, documented(maxLength=MAX_CODE_LENGTH)] = None
    shown_price: ShownPrice | None = None
    trial: bool = Field(default=False, description="Begin with the trial of the plan, once.")


@write
def enroll(caller: Caller, body: Enroll, command_id: UUID) -> EnrollmentWritten:
    """Enroll in a plan. Its first workout is scheduled in the same step.

    A free plan begins at once; a paid one with its first payment.
    """
    user = UserId(body.user_id)
    caller.require("write", "enrollment", user)
    checkout, appended = caller.platform.checkout.enroll(
        user,
        PlanId(body.plan_id),
        body.start_on,
        _payer(body),
        origin=caller.origin(user),
        command_id=command_id,
    )
    return EnrollmentWritten(
        checkout.enrollment_id,
        appended.position,
        appended.repeated,
        checkout.subscription_id,
        checkout.payment_id,
    )


def _payer(body: Enroll) -> Payer | None:
    if body.region is None:
        return None
    billing, shown = body.billing, body.shown_price
    return Payer(
        body.region,
        body.gateway,
        None if billing is None else BillingName(billing.name, billing.country),
        body.coupon_code,
        None if shown is None else Money(shown.amount_minor, shown.currency),
        body.trial,
    )


class NoteEnrollmentDay(StrictBody):
    """The user's current day."""

    today: date


@write
def note_enrollment_day(
    caller: Caller, enrollment_id: str, body: NoteEnrollmentDay, command_id: UUID
) -> EnrollmentWritten:
    """Apply the plan's rule to workouts that were due before today."""
    command = commands.NoteDay(today=body.today, at=caller.platform.clock())
    return _execute(caller, enrollment_id, command, command_id)


@write
def cancel_enrollment(caller: Caller, enrollment_id: str, command_id: UUID) -> EnrollmentWritten:
    """Leave a plan. Sessions that were performed stay, and so does its subscription.

    While the first payment is pending, it is cancelled, and the enrollment ends with it.
    """
    key = _own(caller, enrollment_id)
    appended = caller.platform.checkout.leave(
        key, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return EnrollmentWritten(key, appended.position, appended.repeated)


def _execute(
    caller: Caller, enrollment_id: str, command: commands.EnrollmentCommand, command_id: UUID
) -> EnrollmentWritten:
    key = _own(caller, enrollment_id)
    appended = caller.platform.enrollments.execute(
        key, command, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return EnrollmentWritten(key, appended.position, appended.repeated)


def _own(caller: Caller, enrollment_id: str) -> EnrollmentId:
    key = EnrollmentId(checked_id(enrollment_id))
    owner = caller.platform.owners.of_enrollment(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("write", "enrollment", owner):
        raise commands.EnrollmentNotFound
    return key
